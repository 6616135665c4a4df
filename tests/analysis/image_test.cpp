#include "analysis/failure.hpp"
#include "analysis/limits.hpp"
#include "analysis/vision.hpp"

#include "domain/duplicates.hpp"
#include "tests/analysis/samples.hpp"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <bit>
#include <set>

using namespace vigie;

namespace {

constexpr uint64_t plenty = 100'000'000;

class ImageTest : public samples::folder {
protected:
  std::string refusal(std::string_view bytes, uint64_t most = plenty) {
    try {
      read_image(put("picture", bytes), most);
    } catch (const analysis_failure& e) {
      return e.id();
    }
    return "";
  }
};

std::set<std::string> faults(const cv::Mat& image) {
  std::set<std::string> out;
  for (auto& o : check_image(image, "a.png"))
    out.insert(o.class_name.value_or(""));
  return out;
}

/// Stripes whose Laplacian has about this variance.
cv::Mat stripes(double step) {
  cv::Mat out(480, 640, CV_8UC3);
  for (int x = 0; x < out.cols; ++x)
    out.col(x).setTo(cv::Scalar::all(128 + (x % 4 < 2 ? step : 0)));
  return out;
}

TEST_F(ImageTest, EveryAcceptedFormatIsDecoded) {
  auto photo = samples::photo(90, 60);
  for (auto ending : {".png", ".jpg", ".webp", ".tiff", ".bmp"}) {
    auto path = put("picture", samples::encoded(photo, ending));
    auto told = size_in_file(path);
    EXPECT_EQ(told.width, 90u) << ending;
    EXPECT_EQ(told.height, 60u) << ending;
    auto image = read_image(path, plenty);
    ASSERT_EQ(image.size(), photo.size()) << ending;
    EXPECT_LT(cv::norm(image, photo, cv::NORM_L1) / (90 * 60 * 3), 20)
        << ending;
  }
}

TEST_F(ImageTest, AGifIsDecodedThoughOpenCvCannot) {
  auto image = read_image(put("a.gif", samples::gif(40, 30)), plenty);
  ASSERT_EQ(image.size(), cv::Size(40, 30));
  EXPECT_EQ(image.at<cv::Vec3b>(0, 0), cv::Vec3b(255, 255, 255));
  EXPECT_EQ(image.at<cv::Vec3b>(0, 2), cv::Vec3b(0, 0, 0));
}

TEST_F(ImageTest, ATiffMayKeepItsDirectoryBehindItsPixels) {
  std::vector<uchar> bytes;
  cv::imencode(".tiff", samples::photo(900, 700), bytes,
               {cv::IMWRITE_TIFF_COMPRESSION, 1}); // 1: none, so 1.9 MB
  auto path =
      put("a.tiff", {reinterpret_cast<char*>(bytes.data()), bytes.size()});
  EXPECT_EQ(size_in_file(path).width, 900u);
  EXPECT_EQ(read_image(path, plenty).rows, 700);
}

TEST_F(ImageTest, ADecompressionBombIsRefusedByItsHeader) {
  EXPECT_EQ(refusal(samples::png_header(50'000, 50'000)), "image-too-large");
  EXPECT_EQ(refusal(samples::png_header(~0u, ~0u)), "image-too-large");
}

TEST_F(ImageTest, TheLimitOfPixelsIsInclusive) {
  auto png = samples::encoded(samples::photo(100, 50), ".png");
  EXPECT_EQ(refusal(png, 5'000), "");
  EXPECT_EQ(refusal(png, 4'999), "image-too-large");
}

TEST_F(ImageTest, WhatIsNoPictureIsUndecodable) {
  EXPECT_EQ(refusal(""), "image-undecodable");
  EXPECT_EQ(refusal("no picture at all"), "image-undecodable");
  EXPECT_EQ(refusal(samples::png_header(0, 0)), "image-undecodable");
  EXPECT_EQ(refusal("BM" + std::string(20, '\0') + "\x00\x00\x00\x80"),
            "image-undecodable");
  try {
    read_image(root / "none.png", plenty);
    FAIL();
  } catch (const analysis_failure& e) {
    EXPECT_EQ(e.id(), "file-unreadable");
  }
}

TEST_F(ImageTest, TheExifOrientationIsApplied) {
  cv::Mat lying(40, 80, CV_8UC3, cv::Scalar::all(255));
  lying.colRange(0, 40).setTo(cv::Scalar::all(0)); // left half black
  samples::exif_wish wish;
  wish.orientation = 6; // turned clockwise: left becomes top
  auto exif = samples::exif_block(wish);
  for (auto& bytes :
       {samples::jpeg_with(exif, samples::encoded(lying, ".jpg")),
        samples::png_with(exif, samples::encoded(lying, ".png"))}) {
    auto image = read_image(put("a", bytes), plenty);
    ASSERT_EQ(image.size(), cv::Size(40, 80));
    EXPECT_LT(cv::mean(image.rowRange(0, 38))[0], 10);
    EXPECT_GT(cv::mean(image.rowRange(42, 80))[0], 245);
  }
}

TEST(CheckTest, AGoodPictureHasNoFault) {
  EXPECT_TRUE(faults(samples::photo()).empty());
}

TEST(CheckTest, APictureIsDarkBelowAMeanOf55) {
  auto at = [](int level) {
    return faults(cv::Mat(480, 640, CV_8UC3, cv::Scalar::all(level)));
  };
  EXPECT_TRUE(at(54).count("dark"));
  EXPECT_FALSE(at(55).count("dark"));
}

TEST(CheckTest, APictureIsBlurredBelowALaplacianVarianceOf35) {
  EXPECT_TRUE(faults(stripes(5)).count("blur"));  // variance 25
  EXPECT_FALSE(faults(stripes(6)).count("blur")); // variance 36
  cv::Mat soft;
  cv::GaussianBlur(samples::photo(), soft, {}, 8);
  EXPECT_TRUE(faults(soft).count("blur"));
}

TEST(CheckTest, ResolutionIsLowBelow640By480Pixels) {
  EXPECT_FALSE(faults(samples::photo(640, 480)).count("low-resolution"));
  EXPECT_FALSE(faults(samples::photo(480, 640)).count("low-resolution"));
  EXPECT_TRUE(faults(samples::photo(639, 480)).count("low-resolution"));
}

TEST(CheckTest, AFaultSaysWhatWasMeasured) {
  auto found =
      check_image(cv::Mat(10, 20, CV_8UC3, cv::Scalar::all(0)), "n.png");
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].filename, "n.png");
  EXPECT_EQ(found[0].label, "general");
  EXPECT_EQ(found[0].extra.at("mean_brightness"), "0.0");
  EXPECT_EQ(found[1].extra.at("laplacian_variance"), "0.0");
  EXPECT_EQ(found[2].extra.at("pixels"), "20x10");
}

TEST(HashTest, ARecompressedAndShrunkPictureIsANearDuplicate) {
  auto photo = samples::photo(1'024, 768);
  std::vector<uchar> bytes;
  cv::Mat small;
  cv::resize(photo, small, {512, 384}, 0, 0, cv::INTER_AREA);
  cv::imencode(".jpg", small, bytes, {cv::IMWRITE_JPEG_QUALITY, 40});
  auto again = cv::imdecode(bytes, cv::IMREAD_COLOR);
  image_print a{"a.png", "1", perceptual_hash(photo)};
  image_print b{"b.jpg", "2", perceptual_hash(again)};
  ASSERT_TRUE(a.perceptual_hash && b.perceptual_hash);
  ASSERT_EQ(find_duplicates({a, b}, {}).size(), 1u);
  EXPECT_EQ(find_duplicates({a, b}, {})[0].class_name, "duplicate-near");
}

TEST(HashTest, OtherPicturesAreFarApart) {
  for (uint64_t seed = 2; seed < 12; ++seed) {
    auto far = *perceptual_hash(samples::photo())
               ^ *perceptual_hash(samples::photo(640, 480, seed));
    EXPECT_GT(std::popcount(far), 12) << seed;
  }
}

TEST(HashTest, AFlatPictureHasNoHash) {
  EXPECT_FALSE(perceptual_hash(samples::blank()));
}

TEST(ThumbnailTest, ItsLongestSideIs320Pixels) {
  for (auto [given, expected] :
       {std::pair{cv::Size{1'280, 960}, cv::Size{320, 240}},
        std::pair{cv::Size{960, 1'280}, cv::Size{240, 320}},
        std::pair{cv::Size{100, 50}, cv::Size{100, 50}},
        std::pair{cv::Size{4'000, 2}, cv::Size{320, 1}}}) {
    auto jpeg = thumbnail_of(samples::photo(given.width, given.height));
    auto image = cv::imdecode(std::vector<uchar>(jpeg.begin(), jpeg.end()),
                              cv::IMREAD_COLOR);
    EXPECT_EQ(image.size(), expected);
    EXPECT_TRUE(jpeg.starts_with("\xFF\xD8"));
  }
}

} // namespace
