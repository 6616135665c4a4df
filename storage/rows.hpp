#pragma once

#include "storage/database.hpp"

#include <string>
#include <vector>

namespace vigie {

/// Rows of one batch as the words of domain/. Throw SQLite::Exception.
std::vector<file_record> read_files(database& db, const std::string& id);
std::vector<timeline_event> read_timeline(database& db, const std::string& id);
std::vector<ocr_text> read_texts(database& db, const std::string& id);
std::vector<observation> read_observations(database& db, const std::string& id);
std::optional<risk_score> read_score(database& db, const std::string& id);
std::optional<batch_summary> read_summary(database& db, const std::string& id);
/// The last run of the Gemini stage; `open_only`: unless it has ended.
std::optional<gemini_run> read_run(database& db, const std::string& id,
                                   bool open_only);
std::vector<analysis_record> read_analyses(database& db, const std::string& id);

} // namespace vigie
