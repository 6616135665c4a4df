// Over budget: one method per stage of a file.
#include "analysis/analyzer.hpp"

#include "analysis/detector.hpp"
#include "analysis/documents.hpp"
#include "analysis/encoding.hpp"
#include "analysis/exif.hpp"
#include "analysis/failure.hpp"
#include "analysis/limits.hpp"
#include "analysis/metadata.hpp"
#include "analysis/ocr.hpp"
#include "analysis/rules.hpp"
#include "analysis/vision.hpp"
#include "domain/file_faults.hpp"
#include "domain/fold.hpp"

#include <utility>

namespace vigie {

namespace {

constexpr int pdf_thumbnail_side = 320;

constexpr int model_side = 2'048; // pixels; more tiles say no more

bool is_image(const analysis_job& job) {
  return job.content_type.starts_with("image/");
}

class slot_analyzer : public file_analyzer {
public:
  slot_analyzer(analyzer_options options, observation_rules rules,
                std::optional<detector> seeing)
      : options_(std::move(options)), rules_(std::move(rules)),
        detector_(std::move(seeing)), ocr_(options_.ocr_languages) {
    cv::setNumThreads(1); // a slot is one core's worth of work
  }

  analysis_result run(const analysis_job& job) override {
    try {
      return attempt(job);
    } catch (const analysis_failure& e) {
      return failed(job, e.id());
    } catch (const std::bad_alloc&) {
      return too_big(job);
    } catch (const cv::Exception& e) {
      if (e.code == cv::Error::StsNoMem)
        return too_big(job);
      return failed(job, "image-undecodable");
    } catch (const std::exception&) {
      return failed(job, unknown_fault);
    }
  }

private:
  analysis_result attempt(const analysis_job& job) {
    switch (job.what) {
    case stage::metadata:
      return metadata(job);
    case stage::vision:
      return vision(job);
    case stage::text:
      return text(job);
    case stage::gemini:
      return picture_for_model(job);
    case stage::scoring:
    case stage::summary:
    case stage::report:
      break; // no work for a slot
    }
    return failed(job, unknown_fault);
  }

  static analysis_result failed(const analysis_job& job,
                                const std::string& id) {
    analysis_result r;
    r.ok = false;
    r.error_code = id;
    r.error_message = fault_words(id);
    if (job.what == stage::text)
      r.text = ocr_text{job.filename, "none", {}, {}, {}, r.error_message, {}};
    return r;
  }

  static warning warned(const char* id) {
    return {id, std::string{fault_words(id)}};
  }

  static analysis_result too_big(const analysis_job& job) {
    return failed(job, "out-of-memory");
  }

  analysis_result metadata(const analysis_job& job) {
    analysis_result r;
    if (sha256_of_file(job.path) != job.sha256)
      r.warnings.push_back(warned("checksum-mismatch"));
    r.metadata = read_metadata(job, options_);
    return r;
  }

  analysis_result vision(const analysis_job& job) {
    analysis_result r;
    if (is_image(job)) {
      auto image = read_image(job.path, options_.max_pixels);
      r.observations = check_image(image, job.filename);
      r.perceptual_hash = perceptual_hash(image);
      r.thumbnail_jpeg = thumbnail_of(image);
      if (detector_)
        look(job, image, r);
    } else if (job.content_type == "application/pdf") {
      try {
        r.thumbnail_jpeg =
            thumbnail_of(pdf_page(job.path, 1, pdf_thumbnail_side, options_));
      } catch (const analysis_failure&) {
        // No thumbnail; TEXT says what is wrong with the document.
      }
    }
    return r;
  }

  void look(const analysis_job& job, const cv::Mat& image, analysis_result& r) {
    auto about = read_exif(job.path, job.content_type).description;
    try {
      for (auto& o :
           detector_->look(image, job.filename, zone_of(job.filename, about)))
        r.observations.push_back(std::move(o));
    } catch (const cv::Exception&) { // the model, not the picture, is at fault
      r.warnings.push_back(warned("detector-failed"));
    }
  }

  document_text read(const analysis_job& job) {
    if (is_image(job)) {
      auto page = ocr_.read(read_image(job.path, options_.max_pixels));
      document_text out{"tesseract", std::move(page.text), page.confidence, {}};
      if (page.words == 0)
        out.warnings.push_back("ocr-no-text");
      return out;
    }
    if (job.content_type == "application/pdf")
      return read_pdf(job.path, ocr_, options_);
    if (job.content_type == "application/msword")
      return read_doc(job.path, options_);
    if (job.content_type.starts_with("application/vnd.openxml"))
      return read_docx(job.path);
    return read_plain(job.path, options_);
  }

  /// A JPEG that the model takes, whatever the format and size were.
  analysis_result picture_for_model(const analysis_job& job) {
    analysis_result r;
    r.thumbnail_jpeg =
        scaled_jpeg(read_image(job.path, options_.max_pixels), model_side);
    return r;
  }

  analysis_result text(const analysis_job& job) {
    auto found = read(job);
    if (found.content.size() > options_.max_text_bytes) {
      found.content.resize(options_.max_text_bytes);
      found.content = whole_characters(found.content);
      found.warnings.push_back("text-truncated");
    }
    analysis_result r;
    // Photographs and PDFs are no notes: they merely speak of faults.
    if (!is_image(job) && job.content_type != "application/pdf")
      r.observations =
          observe_text(rules_, job.filename, found.content,
                       job.content_type.ends_with("/csv")
                           || fold(job.filename).ends_with(".csv"));
    r.text = ocr_text{job.filename,
                      std::move(found.engine),
                      std::move(found.content),
                      found.confidence,
                      std::move(found.warnings),
                      {},
                      {}};
    return r;
  }

  analyzer_options options_;
  observation_rules rules_;
  std::optional<detector> detector_;
  ocr_engine ocr_;
};

} // namespace

outcome<std::unique_ptr<file_analyzer>>
make_analyzer(analyzer_options options) {
  observation_rules rules;
  if (!options.rules_file.empty()) {
    auto read = read_rules(options.rules_file);
    if (!read)
      return read.why();
    rules = std::move(read).value();
  }
  std::optional<detector> seeing;
  if (!options.vision_model.empty()) {
    auto opened =
        detector::open(options.vision_model, options.vision_classes_file);
    if (!opened)
      return opened.why();
    seeing = std::move(opened).value();
  }
  return std::unique_ptr<file_analyzer>{std::make_unique<slot_analyzer>(
      std::move(options), std::move(rules), std::move(seeing))};
}

} // namespace vigie
