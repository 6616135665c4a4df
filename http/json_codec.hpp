#pragma once

#include "domain/ports.hpp"

#include <string>

/// REST spelling (CONTRACT.md): json_batch.cpp has the batch, json_codec.cpp
/// the rest; nobody else knows a JSON name. Bodies as text;
/// invalid UTF-8 is replaced, never thrown.
namespace vigie {

/// `fresh`: the answer of POST, whose timeline is the empty list (kept).
std::string snapshot_body(const batch_view& view, bool fresh);
std::string page_body(const batch_page& page);
std::string analysis_body(const std::vector<analysis_record>& newest_first,
                          bool include_history);
/// One record, as POST analysis answers it.
std::string record_body(const analysis_record& record);
std::string quota_body(const std::vector<gate_board>& models);
std::string verify_body(const std::string& expected, const std::string& actual);
std::string problem_body(const problem& why, bool in_french,
                         const std::string& instance);

} // namespace vigie
