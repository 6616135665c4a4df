#include "analysis/detector.hpp"

#include "tests/analysis/samples.hpp"

using namespace vigie;

namespace {

constexpr const char* table = R"({"layout": "yolov5", "input_side": 2,
  "least_confidence": 0.4,
  "classes": [{"index": 0, "name": "bag", "label": "malveillance",
               "severity": "medium"}],
  "zones": {"accueil": ["bag"]}})";

class DetectorTest : public samples::folder {
protected:
  outcome<detector> opened(const std::string& classes = table) {
    return detector::open(put("model.onnx", samples::reshape_model()),
                          put("classes.json", classes));
  }

  std::vector<observation> look(const cv::Mat& image,
                                std::optional<std::string> zone = {}) {
    auto d = opened();
    EXPECT_TRUE(d) << d.why().detail;
    return d.value().look(image, "a.png", zone);
  }
};

/// What the model makes its rows of: red are the corners of the first box
/// (centre 1,1; 1 x 1 of 2 x 2), green its objectness and class.
cv::Mat scene(int objectness = 255, int score = 255) {
  cv::Mat image(200, 200, CV_8UC3, cv::Scalar{0, 0, 255});
  image(cv::Rect{0, 0, 100, 100}) = cv::Scalar(0, objectness, 255);
  image(cv::Rect{100, 0, 100, 100}) = cv::Scalar(0, score, 255);
  return image;
}

TEST_F(DetectorTest, AnObjectHasItsClassConfidenceAndBoxInPixels) {
  auto found = look(scene());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].class_name, "bag");
  EXPECT_EQ(found[0].label, "malveillance");
  EXPECT_EQ(found[0].severity, severity::medium);
  EXPECT_NEAR(*found[0].confidence, 1, 1e-3);
  ASSERT_TRUE(found[0].where);
  EXPECT_NEAR(found[0].where->x1, 50, 1);
  EXPECT_NEAR(found[0].where->y1, 50, 1);
  EXPECT_NEAR(found[0].where->x2, 150, 1);
  EXPECT_NEAR(found[0].where->y2, 150, 1);
}

TEST_F(DetectorTest, ConfidenceIsObjectnessTimesClass) {
  EXPECT_EQ(look(scene(200, 200)).size(), 1u); // 0.78 * 0.78 = 0.61
  EXPECT_TRUE(look(scene(150, 150)).empty());  // 0.59 * 0.59 = 0.35
}

TEST_F(DetectorTest, AZoneMayAllowAClass) {
  EXPECT_TRUE(look(scene(), "accueil").empty());
  EXPECT_EQ(look(scene(), "datacenter").size(), 1u);
}

TEST_F(DetectorTest, AFaultyTableIsAProblemThatNamesIt) {
  for (auto text : {"", "{}", R"({"classes": [], "layout": "ssd"})",
                    R"({"classes": [], "input_side": 0})",
                    R"({"classes": [{"index": -1, "name": "a", "label": "b",
                         "severity": "low"}]})",
                    R"({"classes": [{"index": 0, "name": "a", "label": "b",
                         "severity": "awful"}]})"}) {
    auto d = opened(text);
    ASSERT_FALSE(d) << text;
    EXPECT_NE(d.why().detail.find("classes.json"), std::string::npos);
  }
}

TEST_F(DetectorTest, AFileThatIsNoModelIsAProblemThatNamesIt) {
  for (auto& bytes : {std::string{}, std::string{"no model"},
                      samples::reshape_model().substr(0, 40)}) {
    auto d =
        detector::open(put("broken.onnx", bytes), put("classes.json", table));
    ASSERT_FALSE(d);
    EXPECT_NE(d.why().detail.find("broken.onnx"), std::string::npos);
  }
}

TEST_F(DetectorTest, TheShippedTableIsRead) {
  auto read = read_detector_classes(std::filesystem::path{VIGIE_SOURCE_DIR}
                                    / "config" / "vision_classes.json");
  ASSERT_TRUE(read) << read.why().detail;
  EXPECT_FALSE(read.value().classes.empty());
}

} // namespace
