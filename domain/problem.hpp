#pragma once
// Over budget: one table, one row per failure.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vigie {

/// Every way a request can fail, seen from a client.
enum class code : uint8_t {
  bad_request,
  bad_multipart,
  unsupported_type,
  bad_batch_id,
  no_such_batch,
  no_such_report,
  no_such_file,
  not_found,
  method_not_allowed,
  no_files,
  file_too_large,
  batch_too_large,
  too_many_files,
  batch_conflict,
  batch_busy,
  batch_ended,
  length_required,
  unsupported_encoding,
  range_not_satisfiable,
  too_many_streams,
  busy,
  draining,
  disk_full,
  storage_down,
  timeout,
  analysis_disabled,
  analysis_no_key,
  body_too_large,
  request_timeout,
  uri_too_long,
  head_too_large,
  not_implemented,
  unauthenticated,
  forbidden,
  rate_limited,
  internal,
};

/// One row per way to fail: public name, HTTP status, a title in two languages.
struct problem_row {
  code id;
  std::string_view name;
  int http_status;
  std::string_view title_en;
  std::string_view title_fr;
};

inline constexpr auto problems = std::to_array<problem_row>({
    {code::bad_request, "bad_request", 400, "Bad request",
     "Requête incorrecte"},
    {code::bad_multipart, "bad_multipart", 400, "Broken multipart body",
     "Corps multipart incorrect"},
    {code::unsupported_type, "unsupported_type", 400,
     "Unsupported content type", "Type de contenu non pris en charge"},
    {code::bad_batch_id, "bad_batch_id", 400, "Invalid batch id",
     "Identifiant de lot incorrect"},
    {code::no_such_batch, "no_such_batch", 404, "Batch not found",
     "Lot introuvable"},
    {code::no_such_report, "no_such_report", 404, "Report not found",
     "Rapport introuvable"},
    {code::no_such_file, "no_such_file", 404, "File not found",
     "Fichier introuvable"},
    {code::not_found, "not_found", 404, "Not found", "Introuvable"},
    {code::method_not_allowed, "method_not_allowed", 405, "Method not allowed",
     "Méthode non permise"},
    {code::no_files, "no_files", 422, "No file in the batch",
     "Aucun fichier dans le lot"},
    {code::file_too_large, "file_too_large", 413, "File too large",
     "Fichier trop volumineux"},
    {code::batch_too_large, "batch_too_large", 413, "Batch too large",
     "Lot trop volumineux"},
    {code::too_many_files, "too_many_files", 413, "Too many files",
     "Trop de fichiers"},
    {code::batch_conflict, "batch_conflict", 409,
     "Batch id already used with other files",
     "Identifiant déjà utilisé avec d'autres fichiers"},
    {code::batch_busy, "batch_busy", 409, "Batch is processing",
     "Lot en cours de traitement"},
    {code::batch_ended, "batch_ended", 409, "Batch has ended",
     "Lot déjà terminé"},
    {code::length_required, "length_required", 411, "Length required",
     "Longueur obligatoire"},
    {code::unsupported_encoding, "unsupported_encoding", 415,
     "Unsupported encoding", "Encodage non pris en charge"},
    {code::range_not_satisfiable, "range_not_satisfiable", 416,
     "Range not satisfiable", "Intervalle impossible"},
    {code::too_many_streams, "too_many_streams", 503, "Too many streams",
     "Trop de flux ouverts"},
    {code::busy, "busy", 429, "Too many unfinished batches",
     "Trop de lots en cours"},
    {code::draining, "draining", 503, "Server is stopping",
     "Le serveur s'arrête"},
    {code::disk_full, "disk_full", 507, "Insufficient storage",
     "Espace disque insuffisant"},
    {code::storage_down, "storage_down", 503, "Storage unavailable",
     "Stockage indisponible"},
    {code::timeout, "timeout", 504, "No answer in time",
     "Pas de réponse à temps"},
    {code::analysis_disabled, "analysis_disabled", 409,
     "Gemini analysis disabled", "Analyse Gemini désactivée"},
    {code::analysis_no_key, "analysis_no_key", 409, "Gemini API key missing",
     "Clé API Gemini absente"},
    {code::body_too_large, "body_too_large", 413, "Request body too large",
     "Corps de requête trop volumineux"},
    {code::request_timeout, "request_timeout", 408, "Request too slow",
     "Requête trop lente"},
    {code::uri_too_long, "uri_too_long", 414, "URI too long",
     "Adresse trop longue"},
    {code::head_too_large, "head_too_large", 431, "Request head too large",
     "En-têtes trop volumineux"},
    {code::not_implemented, "not_implemented", 501, "Not implemented",
     "Non pris en charge"},
    {code::unauthenticated, "unauthenticated", 401, "Sign-in needed",
     "Identification nécessaire"},
    {code::forbidden, "forbidden", 403, "Not allowed", "Action non permise"},
    {code::rate_limited, "rate_limited", 429, "Too many requests",
     "Trop de requêtes"},
    {code::internal, "internal", 500, "Internal error", "Erreur interne"},
});

constexpr const problem_row& row(code id) {
  return problems[static_cast<std::size_t>(id)];
}

static_assert(
    [] {
      for (std::size_t i = 0; i < problems.size(); ++i)
        if (static_cast<std::size_t>(problems[i].id) != i)
          return false;
      return problems.size() == static_cast<std::size_t>(code::internal) + 1;
    }(),
    "rows must stand in the order of `code`");

} // namespace vigie
