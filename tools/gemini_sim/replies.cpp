#include "tools/gemini_sim/replies.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace vigie::sim {

namespace {

using nlohmann::json;

struct finding {
  const char* type;
  const char* text;
  const char* severity;
  const char* where;
  const char* advice;
};

constexpr std::array findings{
    finding{"fire", "Extincteur masqué par des cartons.", "high",
            "à gauche, au sol", "Dégager l'accès à l'extincteur."},
    finding{"access", "Porte de service maintenue ouverte par une cale.",
            "medium", "au fond", "Retirer la cale et poser un ferme-porte."},
    finding{"perimeter", "Grillage détendu sur deux mètres.", "medium",
            "à droite", "Retendre le grillage."},
    finding{"hygiene", "Eau stagnante près d'une denrée.", "medium",
            "au premier plan", "Assécher et rechercher la fuite."},
    finding{"signage", "Signalisation d'issue illisible.", "low",
            "au-dessus de la porte", "Remplacer le pictogramme."},
    finding{"cyber", "Mot de passe affiché sur un écran.", "high",
            "sur le poste", "Changer le mot de passe et retirer la note."},
    finding{"structural", "Corrosion au pied d'un poteau.", "medium",
            "au centre", "Faire contrôler le poteau."}};

std::string marked(const std::string& text) { return "[simulation] " + text; }

json image_answer(uint64_t seed, std::optional<int> wanted) {
  auto count = wanted ? static_cast<uint64_t>(*wanted) : seed % 3;
  auto list = json::array();
  for (uint64_t i = 0; i < count; ++i) {
    auto& f = findings[(seed / 7 + i * 3) % findings.size()];
    auto at = static_cast<int>(seed / 11 % 5 + i * 2) * 100; // thousandths
    list.push_back({{"type", f.type},
                    {"box", {at, at / 2, at + 300, at / 2 + 250}},
                    {"description", marked(f.text)},
                    {"severity", f.severity},
                    {"location", marked(f.where)},
                    {"recommendation", marked(f.advice)}});
  }
  auto note = [&](int shift) {
    return 4 + static_cast<int>(seed >> shift) % 3;
  };
  auto level = count == 0 ? "low" : count == 1 ? "medium" : "high";
  return {{"summary", marked(count == 0 ? "Scène sans défaut visible."
                                        : "Défauts visibles à corriger.")},
          {"scores",
           {{"perimeter", note(3)},
            {"access", note(5)},
            {"fire", note(7)},
            {"structural", note(9)},
            {"hygiene", note(11)}}},
          {"vulnerabilities", std::move(list)},
          {"assets", {marked("porte"), marked("éclairage")}},
          {"immediate_risks", json::array()},
          {"uncertainties", {marked("l'arrière-plan est flou")}},
          {"security_level", level},
          {"site_type", marked("site")},
          {"zone", marked("zone")}};
}

json summary_answer() {
  return {{"text", marked("Synthèse fictive du lot : les constats donnés ont "
                          "été relus, aucun n'a été ajouté.")},
          {"findings", {marked("Premier constat du lot.")}},
          {"recommendations", {marked("Traiter d'abord le plus grave.")}}};
}

std::string reply_of(json candidate, double tokens, const std::string& model) {
  return json{{"candidates", {std::move(candidate)}},
              {"usageMetadata",
               {{"promptTokenCount", static_cast<int64_t>(tokens)},
                {"candidatesTokenCount", 180},
                {"thoughtsTokenCount", 40},
                {"totalTokenCount", static_cast<int64_t>(tokens) + 220}}},
              {"modelVersion", model + "-simulated"},
              {"responseId", "simulated"}}
      .dump();
}

json stop(const std::string& text) {
  return {{"content", {{"parts", {{{"text", text}}}}, {"role", "model"}}},
          {"finishReason", "STOP"},
          {"index", 0}};
}

std::string error_body(int code, const char* status, const char* message,
                       const char* reason) {
  json e{{"code", code}, {"message", message}, {"status", status}};
  if (*reason)
    e["details"] = {{{"@type", "type.googleapis.com/google.rpc.ErrorInfo"},
                     {"reason", reason},
                     {"domain", "googleapis.com"}}};
  return json{{"error", std::move(e)}}.dump();
}

} // namespace

uint64_t fnv1a(const std::string& bytes) {
  uint64_t h = 14'695'981'039'346'656'037ull;
  for (auto c : bytes)
    h = (h ^ static_cast<unsigned char>(c)) * 1'099'511'628'211ull;
  return h;
}

double tokens_of(const std::string& request) {
  auto images = request.find("\"inlineData\"") != std::string::npos ? 1 : 0;
  auto data = request.find("\"data\":\"");
  auto text = images ? data : request.size();
  return 1'120.0 * images
         + static_cast<double>(std::min(text, request.size())) / 4;
}

std::string good_body(const std::string& request, const std::string& model,
                      std::optional<int> findings) {
  auto image = request.find("\"vulnerabilities\"") != std::string::npos;
  auto answer =
      image ? image_answer(fnv1a(request), findings) : summary_answer();
  return reply_of(stop(answer.dump()), tokens_of(request), model);
}

oddity odd_reply(const std::string& what, const std::string& model) {
  if (what == "blocked")
    return {200, R"({"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}})"};
  if (what == "truncated")
    return {200, reply_of({{"content", {{"role", "model"}}},
                           {"finishReason", "MAX_TOKENS"}},
                          1'351, model)};
  if (what == "empty")
    return {200, reply_of({{"finishReason", "OTHER"}}, 171, model)};
  if (what == "malformed")
    return {200,
            reply_of(stop("{\"summary\": \"[simulation] coup"), 171, model)};
  if (what == "bad-key")
    return {400, error_body(400, "INVALID_ARGUMENT",
                            "API key not valid. Please pass a valid API key.",
                            "API_KEY_INVALID")};
  if (what == "no-model")
    return {404, error_body(404, "NOT_FOUND",
                            "models/x is not found for API version v1beta, or "
                            "is not supported for generateContent.",
                            "")};
  if (what == "bad-image")
    return {400, error_body(400, "INVALID_ARGUMENT",
                            "Provided image is not valid", "")};
  if (what == "internal")
    return {500, error_body(500, "INTERNAL", "An internal error.", "")};
  return {};
}

} // namespace vigie::sim
