#include "domain/file_faults.hpp"

#include <utility>

namespace vigie {

std::string_view fault_words(std::string_view code) {
  constexpr std::pair<std::string_view, std::string_view> all[]{
      {"analysis-failed", "L'analyse du fichier a échoué."},
      {"checksum-mismatch",
       "Le fichier stocké ne correspond plus à son empreinte SHA-256."},
      {"detector-failed", "Le détecteur d'objets n'a pas pu examiner l'image."},
      {"doc-damaged", "Le document Word (.doc) ne peut pas être lu."},
      {"doc-too-slow",
       "La lecture du document Word a été interrompue : trop longue."},
      {"docx-damaged", "Le document Word est endommagé."},
      {"docx-too-large", "Le document Word est trop volumineux une fois "
                         "décompressé (limite : 64 Mio)."},
      {"file-unreadable", "Le fichier est illisible."},
      {"image-too-large", "L'image a trop de pixels pour être analysée."},
      {"image-undecodable", "L'image ne peut pas être décodée."},
      {"ocr-unavailable", "La reconnaissance de texte est indisponible."},
      {"out-of-memory", "L'analyse demande plus de mémoire que permis."},
      {"pdf-damaged", "Le PDF est endommagé."},
      {"pdf-encrypted", "Le PDF est protégé par un mot de passe."},
      {"pdf-too-slow", "La lecture du PDF a été interrompue : trop longue."},
      {"temp-unavailable", "L'espace de travail est indisponible."},
      {"text-undecodable", "Le texte n'est dans aucun codage connu (UTF-8, "
                           "UTF-16, Windows-1252)."},
  };
  for (auto& [known, words] : all)
    if (known == code)
      return words;
  return {};
}

} // namespace vigie
