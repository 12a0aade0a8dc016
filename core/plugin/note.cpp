// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/note.hpp"

#include <elf.h>
#include <hearth/plugin.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>

namespace hearth::plugin {
namespace {

using Bytes = std::span<const std::byte>;

/// A plugin is far smaller; what is larger is not worth mapping.
constexpr std::size_t kMaxFile = std::size_t{1} << 30;
constexpr std::string_view kOwner{HEARTH_NOTE_OWNER, sizeof HEARTH_NOTE_OWNER};  // with its NUL

Error not_elf(std::string why) {
    return Error(Code::corrupt, "plugin-not-elf", "The file is not a plugin for this machine.")
        .why(std::move(why));
}

/// The part [offset, offset + size) if it lies within the bytes.
std::optional<Bytes> part(Bytes bytes, std::uint64_t offset, std::uint64_t size) {
    if (offset > bytes.size() || size > bytes.size() - offset) return std::nullopt;
    return bytes.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
}

/// A copy, because nothing in a file is aligned for sure.
template <typename T>
std::optional<T> read_at(Bytes bytes, std::uint64_t offset) {
    const auto source = part(bytes, offset, sizeof(T));
    if (!source) return std::nullopt;
    T value{};
    std::memcpy(&value, source->data(), sizeof value);
    return value;
}

std::string_view text_of(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Result<Elf64_Ehdr> read_header(Bytes elf) {
    const auto header = read_at<Elf64_Ehdr>(elf, 0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
        return not_elf("It does not begin like an ELF file.");
    constexpr unsigned char kOrder =
        __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
    if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != kOrder)
        return not_elf("Its word size or byte order is that of another machine.");
    if (header->e_type != ET_DYN) return not_elf("It is not a shared object.");
    if (header->e_phentsize != sizeof(Elf64_Phdr))
        return not_elf("Its table of segments has an unknown form.");
    return *header;
}

/// Takes the manifests out of one segment of notes, each aligned to `alignment` (4, or 8 in newer
/// files).
class NoteScan {
  public:
    Result<void> segment(Bytes notes, std::uint64_t alignment) {
        const std::uint64_t step = alignment == 8 ? 8 : 4;
        const auto padded = [step](std::uint64_t size) { return (size + step - 1) & ~(step - 1); };
        std::uint64_t offset = 0;
        while (const auto head = read_at<Elf64_Nhdr>(notes, offset)) {
            const std::uint64_t name_at = offset + sizeof *head;
            const std::uint64_t text_at = name_at + padded(head->n_namesz);
            const auto owner = part(notes, name_at, head->n_namesz);
            const auto text = part(notes, text_at, head->n_descsz);
            if (!owner || !text) return not_elf("A note in it reaches beyond its segment.");
            if (head->n_type == HEARTH_NOTE_TYPE && text_of(*owner) == kOwner)
                HEARTH_CHECK(take(text_of(*text)));
            offset = text_at + padded(head->n_descsz);
        }
        return ok();
    }

    Result<std::string> result() && {
        if (!found_)
            return Error(Code::not_supported, "plugin-note-missing",
                         "The file carries no manifest of Hearth.")
                .why("It has no ELF note of the owner HEARTH.")
                .hint("Build plugins with hearth_add_plugin() of the CMake package HearthPlugin.");
        return std::move(*found_);
    }

  private:
    Result<void> take(std::string_view text) {
        if (found_)
            return Error(Code::corrupt, "plugin-note-duplicate", "The file carries two manifests.");
        if (text.size() > HEARTH_NOTE_MAX)
            return Error(Code::corrupt, "plugin-note-too-large",
                         "The manifest of the plugin is larger than 16 KiB.");
        // The note is written as a C string.
        if (!text.empty() && text.back() == '\0') text.remove_suffix(1);
        found_ = std::string(text);
        return ok();
    }

    std::optional<std::string> found_;
};

/// A file mapped for reading.
class Mapping {
  public:
    Mapping(int fd, std::size_t size)
        : data_(::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0)), size_(size) {}
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping() {
        if (data_ != MAP_FAILED) ::munmap(data_, size_);
    }
    [[nodiscard]] bool mapped() const { return data_ != MAP_FAILED; }
    [[nodiscard]] Bytes bytes() const { return {static_cast<const std::byte*>(data_), size_}; }

  private:
    void* data_;
    std::size_t size_;
};

}  // namespace

Result<std::string> find_note(Bytes elf) {
    HEARTH_TRY(header, read_header(elf));
    NoteScan scan;
    for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
        // No overflow: read_at() refuses an e_phoff beyond the file, and the rest is small.
        if (header.e_phoff > elf.size()) return not_elf("Its table of segments is cut off.");
        const auto segment = read_at<Elf64_Phdr>(elf, header.e_phoff + i * sizeof(Elf64_Phdr));
        if (!segment) return not_elf("Its table of segments is cut off.");
        if (segment->p_type != PT_NOTE) continue;
        const auto notes = part(elf, segment->p_offset, segment->p_filesz);
        if (!notes) return not_elf("A segment of it reaches beyond its end.");
        HEARTH_CHECK(scan.segment(*notes, segment->p_align));
    }
    return std::move(scan).result();
}

Result<std::string> read_note(int fd) {
    struct stat status {};
    if (::fstat(fd, &status) != 0)
        return Error(Code::io, "plugin-unreadable", "The plugin's file cannot be read.").sys(errno);
    if (!S_ISREG(status.st_mode))
        return Error(Code::corrupt, "plugin-file-type", "The plugin is not a regular file.");
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size == 0) return not_elf("It is empty.");
    if (size > kMaxFile) return not_elf("It is larger than 1 GiB.");
    const Mapping file(fd, static_cast<std::size_t>(size));
    if (!file.mapped())
        return Error(Code::io, "plugin-unreadable", "The plugin's file cannot be read.").sys(errno);
    return find_note(file.bytes());
}

}  // namespace hearth::plugin
