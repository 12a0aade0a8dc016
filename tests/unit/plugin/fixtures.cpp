// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fixtures.hpp"

#include <elf.h>
#include <sys/stat.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace hearth::test {
namespace {

template <typename T>
std::string bytes_of(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string padded(std::string text) {
    text.resize((text.size() + 3) / 4 * 4, '\0');
    return text;
}

std::string note_bytes(const Note& note) {
    Elf64_Nhdr head{};
    head.n_namesz = static_cast<Elf64_Word>(note.owner.size());
    head.n_descsz = static_cast<Elf64_Word>(note.text.size());
    head.n_type = note.type;
    return bytes_of(head) + padded(note.owner) + padded(note.text);
}

}  // namespace

TrustedFolder::TrustedFolder() {
    std::string name = "/var/lib/hearth-test.XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "no folder below /var/lib";
    ::chmod(name.c_str(), 0755);
    path_ = name;
}

TrustedFolder::~TrustedFolder() {
    std::filesystem::remove_all(path_);
}

std::string TrustedFolder::write(const std::string& name, std::string_view bytes) const {
    const std::string path = *this / name;
    std::ofstream(path, std::ios::binary) << bytes;
    ::chmod(path.c_str(), 0644);
    return path;
}

std::string TrustedFolder::copy_plugin(const std::string& name) const {
    // Writing over a file that is loaded already would change running code.
    if (std::filesystem::exists(*this / (name + ".so"))) return *this / (name + ".so");
    const std::string bytes = read_file(std::string(HEARTH_TEST_PLUGINS "/") + name + ".so");
    EXPECT_FALSE(bytes.empty()) << name << " is not built";
    return write(name + ".so", bytes);
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string make_elf(const std::vector<Note>& notes) {
    std::string body;
    for (const auto& note : notes) body += note_bytes(note);
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_type = ET_DYN;
    header.e_phoff = sizeof header;
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = 1;
    Elf64_Phdr segment{};
    segment.p_type = PT_NOTE;
    segment.p_offset = sizeof header + sizeof segment;
    segment.p_filesz = body.size();
    segment.p_align = 4;
    return bytes_of(header) + bytes_of(segment) + body;
}

std::string make_manifest(const std::string& id, const std::string& storage,
                          const std::string& extra) {
    return "{" + extra + R"("abi":{"major":0,"minor":1},"id":")" + id +
           R"(","version":"1.0","license":"MIT","storage":[{"name":")" + storage +
           R"(","medium":"directory","credentials":"none"}],"needs":{}})";
}

std::string make_plugin(const std::string& manifest) {
    return make_elf({{.text = manifest + std::string(1, '\0')}});
}

record::UserRecord make_record() {
    auto record = record::UserRecord::parse(
        R"({"userName":"anna","disposition":"regular","imagePath":"/home/anna.img",)"
        R"("diskSize":1048576,"luksDiscard":true,"secret":{"password":["hidden"]}})");
    if (!record) throw std::runtime_error(record.error().one_line());
    return std::move(*record);
}

}  // namespace hearth::test
