// SPDX-License-Identifier: MIT
#include "elf_file.hpp"

#include <elf.h>

#include <cstring>
#include <optional>

namespace hearth::check {
namespace {

class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    template <typename T>
    std::optional<T> at(std::uint64_t offset) const {
        if (offset > bytes_.size() || sizeof(T) > bytes_.size() - offset) return std::nullopt;
        T value;
        std::memcpy(&value, bytes_.data() + offset, sizeof value);
        return value;
    }
    /// The text at an offset within a string table.
    std::string text(const Elf64_Shdr& table, std::uint64_t offset) const {
        if (table.sh_offset > bytes_.size() || offset >= table.sh_size) return {};
        const auto all = bytes_.substr(table.sh_offset, table.sh_size);
        if (offset >= all.size()) return {};
        const auto tail = all.substr(offset);
        return std::string(tail.substr(0, tail.find('\0')));
    }

  private:
    std::string_view bytes_;
};

Error not_elf(std::string why) {
    return Error(Code::corrupt, "plugin-not-elf", "The file is not a plugin for this machine.")
        .why(std::move(why));
}

/// Reads what hangs on one file.
class Parser {
  public:
    explicit Parser(std::string_view bytes) : reader_(bytes) {}

    Result<ElfFile> run() {
        const auto header = reader_.at<Elf64_Ehdr>(0);
        if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
            header->e_ident[EI_CLASS] != ELFCLASS64)
            return not_elf("It is no 64-bit ELF file.");
        for (std::uint64_t i = 0; i < header->e_phnum; ++i)
            if (const auto one = reader_.at<Elf64_Phdr>(header->e_phoff + i * sizeof(Elf64_Phdr)))
                segment(*one);
        for (std::uint64_t i = 0; i < header->e_shnum; ++i)
            if (const auto one = section_header(*header, i)) section(*header, *one);
        if (!has_symbols_) return not_elf("It has no table of dynamic symbols.");
        return std::move(out_);
    }

  private:
    std::optional<Elf64_Shdr> section_header(const Elf64_Ehdr& header, std::uint64_t i) const {
        if (i >= header.e_shnum) return std::nullopt;
        return reader_.at<Elf64_Shdr>(header.e_shoff + i * sizeof(Elf64_Shdr));
    }

    void segment(const Elf64_Phdr& one) {
        if (one.p_type == PT_GNU_RELRO) out_.has_relro = true;
        if (one.p_type != PT_GNU_STACK) return;
        out_.has_stack_header = true;
        out_.has_executable_stack = (one.p_flags & PF_X) != 0;
    }

    void section(const Elf64_Ehdr& header, const Elf64_Shdr& one) {
        const auto texts = section_header(header, one.sh_link);
        if (!texts) return;
        if (one.sh_type == SHT_DYNSYM)
            each<Elf64_Sym>(one, [&](const Elf64_Sym& symbol) { add_symbol(*texts, symbol); });
        if (one.sh_type == SHT_DYNAMIC)
            each<Elf64_Dyn>(one, [&](const Elf64_Dyn& entry) { add_dynamic(*texts, entry); });
    }

    template <typename T, typename Take>
    void each(const Elf64_Shdr& table, Take take) const {
        for (std::uint64_t at = 0; at + sizeof(T) <= table.sh_size; at += sizeof(T)) {
            const auto entry = reader_.at<T>(table.sh_offset + at);
            if (!entry) return;
            take(*entry);
        }
    }

    void add_symbol(const Elf64_Shdr& texts, const Elf64_Sym& symbol) {
        has_symbols_ = true;
        const std::string name = reader_.text(texts, symbol.st_name);
        if (name.empty() || ELF64_ST_BIND(symbol.st_info) == STB_LOCAL) return;
        (symbol.st_shndx == SHN_UNDEF ? out_.imported : out_.exported).push_back(name);
    }

    void add_dynamic(const Elf64_Shdr& texts, const Elf64_Dyn& entry) {
        switch (entry.d_tag) {
            case DT_NEEDED:
                out_.libraries.push_back(reader_.text(texts, entry.d_un.d_val));
                break;
            case DT_RPATH:
            case DT_RUNPATH:
                out_.search_path = reader_.text(texts, entry.d_un.d_val);
                break;
            case DT_BIND_NOW:
                out_.binds_now = true;
                break;
            case DT_FLAGS:
                out_.binds_now = out_.binds_now || (entry.d_un.d_val & DF_BIND_NOW) != 0;
                break;
            case DT_FLAGS_1:
                out_.binds_now = out_.binds_now || (entry.d_un.d_val & DF_1_NOW) != 0;
                break;
            default:
                break;
        }
    }

    Reader reader_;
    ElfFile out_;
    bool has_symbols_ = false;
};

}  // namespace

Result<ElfFile> ElfFile::parse(std::string_view bytes) {
    return Parser(bytes).run();
}

}  // namespace hearth::check
