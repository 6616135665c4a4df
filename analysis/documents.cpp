#include "analysis/documents.hpp"

#include "analysis/encoding.hpp"
#include "analysis/failure.hpp"
#include "analysis/image_size.hpp"
#include "analysis/tool.hpp"

#include <pugixml.hpp>
#include <zip.h>

#include <memory>
#include <new>

namespace vigie {

namespace {

constexpr zip_uint64_t most_xml_bytes = 64u << 20;

struct archive_deleter {
  void operator()(zip_t* x) const { ::zip_discard(x); }
};
struct entry_deleter {
  void operator()(zip_file_t* x) const { ::zip_fclose(x); }
};

analysis_failure damaged_docx() { return analysis_failure{"docx-damaged"}; }

/// Unpacked size as the archive claims it, and as it turns out to be.
std::string unpack(const std::filesystem::path& file, const char* name) {
  int error = 0;
  std::unique_ptr<zip_t, archive_deleter> archive{
      ::zip_open(file.c_str(), ZIP_RDONLY, &error)};
  if (!archive)
    throw damaged_docx();
  std::unique_ptr<zip_file_t, entry_deleter> entry{
      ::zip_fopen(archive.get(), name, 0)};
  if (!entry)
    throw damaged_docx();
  std::string bytes;
  char buffer[64 * 1024];
  for (;;) {
    auto n = ::zip_fread(entry.get(), buffer, sizeof buffer);
    if (n < 0)
      throw damaged_docx();
    if (n == 0)
      return bytes;
    bytes.append(buffer, static_cast<std::size_t>(n));
    if (bytes.size() > most_xml_bytes)
      throw analysis_failure{"docx-too-large"};
  }
}

/// Text runs in document order; a paragraph is a line (ECMA-376, 17.3).
struct word_walker : pugi::xml_tree_walker {
  std::string text;
  bool for_each(pugi::xml_node& node) override {
    std::string_view name = node.name();
    if (name == "w:p" && !text.empty())
      text += '\n';
    else if (name == "w:tab")
      text += '\t';
    else if (name == "w:br" || name == "w:cr")
      text += '\n';
    else if (name == "w:t")
      text += node.text().get();
    return true;
  }
};

document_text by_tool(const std::vector<std::string>& command,
                      const analyzer_options& o) {
  auto said = run_tool(command, o.tool_timeout, o.max_text_bytes * 2);
  if (said.late)
    throw analysis_failure{"doc-too-slow"};
  document_text out{command.front(), {}, {}, {}};
  if (said.status == 0)
    out.content = clean_utf8(said.out);
  return out;
}

} // namespace

document_text read_docx(const std::filesystem::path& file) {
  auto xml = unpack(file, "word/document.xml");
  pugi::xml_document document;
  auto parsed = document.load_buffer_inplace(
      xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata,
      pugi::encoding_auto);
  if (parsed.status == pugi::status_out_of_memory)
    throw std::bad_alloc{}; // 64 MiB of empty elements are a gigabyte of nodes
  if (!parsed)
    throw damaged_docx();
  word_walker walker;
  document.traverse(walker);
  if (!valid_utf8(walker.text))
    throw damaged_docx();
  return {"docx", std::move(walker.text) + "\n", {}, {}};
}

document_text read_doc(const std::filesystem::path& file,
                       const analyzer_options& o) {
  auto text =
      by_tool({"antiword", "-m", "UTF-8.txt", "-w", "0", file.string()}, o);
  if (text.content.empty())
    text = by_tool({"catdoc", "-d", "utf-8", "-w", file.string()}, o);
  if (text.content.empty())
    throw analysis_failure{"doc-damaged"};
  return text;
}

document_text read_plain(const std::filesystem::path& file,
                         const analyzer_options& o) {
  auto bytes = read_bytes(file, o.max_text_bytes);
  auto whole = std::filesystem::file_size(file) <= bytes.size();
  std::string_view head = bytes;
  if (!whole) // no half line, no half character
    head = whole_characters(head.substr(0, head.find_last_of('\n')));
  auto text = decode_text(head);
  if (!text)
    throw analysis_failure{"text-undecodable"};
  document_text out{"plain", std::move(text->utf8), {}, {}};
  if (!whole)
    out.warnings.push_back("text-truncated");
  return out;
}

} // namespace vigie
