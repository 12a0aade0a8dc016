// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <string>

#include "core/service/metrics.hpp"

namespace hearth::service {
namespace {

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(Metrics, PutsDurationsIntoBucketsThatHoldAllShorterOnes) {
    Metrics metrics(1'500'000);
    metrics.count_duration("create", 5'000);
    metrics.count_duration("create", 5'001);
    metrics.count_duration("create", 3'600'000'000);
    const std::string text = metrics.text({}, "1.2");
    const std::string name = "hearth_operation_duration_seconds";
    EXPECT_TRUE(has_line(text, name + "_bucket{verb=\"create\",le=\"0.005\"} 1")) << text;
    EXPECT_TRUE(has_line(text, name + "_bucket{verb=\"create\",le=\"0.01\"} 2")) << text;
    EXPECT_TRUE(has_line(text, name + "_bucket{verb=\"create\",le=\"60.0\"} 2")) << text;
    EXPECT_TRUE(has_line(text, name + "_bucket{verb=\"create\",le=\"+Inf\"} 3")) << text;
    EXPECT_TRUE(has_line(text, name + "_count{verb=\"create\"} 3")) << text;
    EXPECT_TRUE(has_line(text, name + "_sum{verb=\"create\"} 3600.010001")) << text;
    EXPECT_TRUE(has_line(text, "hearth_start_time_seconds 1.500000")) << text;
    EXPECT_TRUE(text.ends_with("# EOF\n"));
}

TEST(Metrics, CountsByLabel) {
    Metrics metrics(0);
    metrics.count_operation("create", "ok");
    metrics.count_operation("create", "ok");
    metrics.count_operation("create", "failed");
    metrics.count_authentication(true);
    metrics.count_rate_limited();
    metrics.count_varlink("GetUserRecord");
    Gauges now;
    now.homes["active"] = 7;
    now.waiting = 3;
    const std::string text = metrics.text(now, "1.2");
    EXPECT_TRUE(has_line(text, "hearth_operations_total{verb=\"create\",result=\"ok\"} 2")) << text;
    EXPECT_TRUE(has_line(text, "hearth_operations_total{verb=\"create\",result=\"failed\"} 1"));
    EXPECT_TRUE(has_line(text, "hearth_authentications_total{result=\"good\"} 1"));
    EXPECT_TRUE(has_line(text, "hearth_authentications_total{result=\"bad\"} 0"));
    EXPECT_TRUE(has_line(text, "hearth_rate_limited_total 1"));
    EXPECT_TRUE(has_line(text, "hearth_varlink_requests_total{method=\"GetUserRecord\"} 1"));
    EXPECT_TRUE(has_line(text, "hearth_homes{state=\"active\"} 7"));
    EXPECT_TRUE(has_line(text, "hearth_operations_waiting 3"));
}

}  // namespace
}  // namespace hearth::service
