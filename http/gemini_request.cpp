#include "http/gemini_request.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <fstream>
#include <iterator>

namespace vigie {

namespace {

using nlohmann::json;

std::string base64(const std::string& bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  auto n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                           reinterpret_cast<const unsigned char*>(bytes.data()),
                           static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(n));
  return out;
}

outcome<std::string> bytes_of(const model_image& image) {
  if (image.bytes)
    return *image.bytes;
  std::ifstream in(image.path, std::ios::binary);
  if (!in)
    return problem{code::bad_request, "The image cannot be read"};
  std::string all{std::istreambuf_iterator<char>(in), {}};
  if (in.bad())
    return problem{code::bad_request, "The image cannot be read"};
  return all;
}

json safety() {
  auto out = json::array();
  for (auto category :
       {"HARM_CATEGORY_HARASSMENT", "HARM_CATEGORY_HATE_SPEECH",
        "HARM_CATEGORY_SEXUALLY_EXPLICIT", "HARM_CATEGORY_DANGEROUS_CONTENT"})
    out.push_back({{"category", category}, {"threshold", "BLOCK_ONLY_HIGH"}});
  return out;
}

json words() { return {{"type", "STRING"}}; }
json list_of(json items) {
  return {{"type", "ARRAY"}, {"items", std::move(items)}};
}
json one_of(std::initializer_list<const char*> values) {
  return {{"type", "STRING"}, {"enum", json(values)}};
}
json zero_to_ten() {
  return {{"type", "NUMBER"}, {"minimum", 0}, {"maximum", 10}};
}

} // namespace

outcome<std::string> request_body(const model_request& r) {
  // The constant prompt first: it is what implicit caching can find again.
  auto parts = json::array({{{"text", r.user_text}}});
  if (r.image) {
    auto bytes = bytes_of(*r.image);
    if (!bytes)
      return bytes.why();
    if (bytes.value().size() / 3 * 4 > most_request_bytes)
      return problem{code::bad_request, "The image is larger than 15 MB"};
    parts.push_back(
        {{"inlineData",
          {{"mimeType", r.image->mime}, {"data", base64(bytes.value())}}}});
  }
  json body{{"systemInstruction", {{"parts", {{{"text", r.instruction}}}}}},
            {"contents", {{{"role", "user"}, {"parts", std::move(parts)}}}},
            {"generationConfig",
             {{"responseMimeType", "application/json"},
              {"responseSchema", json::parse(r.schema_json, nullptr, false)},
              {"maxOutputTokens", r.max_output_tokens},
              {"thinkingConfig", {{"thinkingLevel", "LOW"}}}}},
            {"safetySettings", safety()}};
  auto text = body.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() > most_request_bytes)
    return problem{code::bad_request, "The request is larger than 15 MB"};
  return text;
}

std::string image_schema_json() {
  json vulnerability{
      {"type", "OBJECT"},
      {"properties",
       {{"type", one_of({"perimeter", "access", "fire", "structural", "signage",
                         "personnel", "hygiene", "cyber"})},
        {"description", words()},
        {"severity", one_of({"low", "medium", "high", "critical"})},
        {"location", words()},
        {"recommendation", words()},
        {"box", list_of({{"type", "INTEGER"}})}}},
      {"required",
       {"type", "description", "severity", "location", "recommendation"}}};
  json scores{
      {"type", "OBJECT"},
      {"properties",
       {{"perimeter", zero_to_ten()},
        {"access", zero_to_ten()},
        {"fire", zero_to_ten()},
        {"structural", zero_to_ten()},
        {"hygiene", zero_to_ten()}}},
      {"required", {"perimeter", "access", "fire", "structural", "hygiene"}}};
  json all{
      {"type", "OBJECT"},
      {"properties",
       {{"summary", words()},
        {"scores", std::move(scores)},
        {"vulnerabilities", list_of(std::move(vulnerability))},
        {"assets", list_of(words())},
        {"immediate_risks", list_of(words())},
        {"uncertainties", list_of(words())},
        {"security_level", one_of({"low", "medium", "high", "critical"})},
        {"site_type", words()},
        {"zone", words()}}},
      {"required", {"summary", "scores", "vulnerabilities", "security_level"}}};
  return all.dump();
}

std::string summary_schema_json() {
  json all{{"type", "OBJECT"},
           {"properties",
            {{"text", words()},
             {"findings", list_of(words())},
             {"recommendations", list_of(words())}}},
           {"required", {"text", "findings", "recommendations"}}};
  return all.dump();
}

} // namespace vigie
