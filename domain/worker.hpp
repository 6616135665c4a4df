#pragma once

#include "domain/job.hpp"

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vigie {

/// How files are analysed: the server's word, sent to every node that joins,
/// so that a batch reads the same wherever its files were worked on.
struct analysis_setup {
  std::string ocr_languages = "fra+eng"; ///< Tesseract's names.
  std::string rules_json;                ///< observation_rules.json, as it is.
  std::string vision_model; ///< SHA-256 of the ONNX file; empty: no detector.
  std::string vision_classes_json;
  std::chrono::seconds job_timeout{300}; ///< Wall clock of one job.
  std::chrono::seconds job_cpu{300};     ///< CPU time of one job.
  uint64_t memory_bytes = 0;             ///< Address space of a slot; 0: none.
  uint64_t file_bytes = uint64_t{1} << 30; ///< Largest file a slot may write.
  unsigned recycle_after = 200;            ///< Jobs; then a slot starts afresh.
};

/// What a node must be able to do for this work: `ocr:fra`, `vision:<sha>`.
std::set<std::string> needs_of(const analysis_setup& setup, stage what,
                               std::string_view content_type);

/// What a node can do, by the language packs and the detector it has.
std::set<std::string> abilities_of(const std::set<std::string>& languages,
                                   const std::string& vision_model_sha256);

/// Why a lease broke, in French, for people: of the closed list `crash`,
/// `time`, `cpu`, `memory`, `stopped`, `oversize`, `silent`, `lost`. What a
/// node says is never shown as it is.
std::string breakage_words(std::string_view why);

/// A stored reason made of those words, for a reader of English. What is in no
/// list stays.
std::string breakage_in_english(std::string reason);

/// `fra+eng` -> fra, eng.
std::set<std::string> split_languages(std::string_view joined);

} // namespace vigie
