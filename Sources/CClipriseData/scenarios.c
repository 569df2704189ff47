// Carries the files of scenarios/ as bytes. A test holds this list against the folder.

#include "CClipriseData.h"

static const uint8_t scenario_bare_object[] = {
#embed "../../scenarios/bare-object.yaml"
};
static const uint8_t scenario_broken_json[] = {
#embed "../../scenarios/broken-json.yaml"
};
static const uint8_t scenario_busy_hour[] = {
#embed "../../scenarios/busy-hour.yaml"
};
static const uint8_t scenario_callbacks_duplicate_late[] = {
#embed "../../scenarios/callbacks-duplicate-late.yaml"
};
static const uint8_t scenario_callbacks_unreliable[] = {
#embed "../../scenarios/callbacks-unreliable.yaml"
};
static const uint8_t scenario_charge_on_accept[] = {
#embed "../../scenarios/charge-on-accept.yaml"
};
static const uint8_t scenario_closed_before[] = {
#embed "../../scenarios/closed-before.yaml"
};
static const uint8_t scenario_corrupt_zip[] = {
#embed "../../scenarios/corrupt-zip.yaml"
};
static const uint8_t scenario_credits_run_dry[] = {
#embed "../../scenarios/credits-run-dry.yaml"
};
static const uint8_t scenario_empty_bodies[] = {
#embed "../../scenarios/empty-bodies.yaml"
};
static const uint8_t scenario_expired_link[] = {
#embed "../../scenarios/expired-link.yaml"
};
static const uint8_t scenario_failed_moderation[] = {
#embed "../../scenarios/failed-moderation.yaml"
};
static const uint8_t scenario_flaky_polling[] = {
#embed "../../scenarios/flaky-polling.yaml"
};
static const uint8_t scenario_flapping_status[] = {
#embed "../../scenarios/flapping-status.yaml"
};
static const uint8_t scenario_four_for_one[] = {
#embed "../../scenarios/four-for-one.yaml"
};
static const uint8_t scenario_gateway_html[] = {
#embed "../../scenarios/gateway-html.yaml"
};
static const uint8_t scenario_hang[] = {
#embed "../../scenarios/hang.yaml"
};
static const uint8_t scenario_honest_truncation[] = {
#embed "../../scenarios/honest-truncation.yaml"
};
static const uint8_t scenario_key_revoked[] = {
#embed "../../scenarios/key-revoked.yaml"
};
static const uint8_t scenario_late_answers[] = {
#embed "../../scenarios/late-answers.yaml"
};
static const uint8_t scenario_late_lost_reply[] = {
#embed "../../scenarios/late-lost-reply.yaml"
};
static const uint8_t scenario_later[] = {
#embed "../../scenarios/later.yaml"
};
static const uint8_t scenario_lost_reply[] = {
#embed "../../scenarios/lost-reply.yaml"
};
static const uint8_t scenario_lost_reply_reused[] = {
#embed "../../scenarios/lost-reply-reused.yaml"
};
static const uint8_t scenario_lost_task[] = {
#embed "../../scenarios/lost-task.yaml"
};
static const uint8_t scenario_odd_retry_after[] = {
#embed "../../scenarios/odd-retry-after.yaml"
};
static const uint8_t scenario_outage_30s[] = {
#embed "../../scenarios/outage-30s.yaml"
};
static const uint8_t scenario_quiet_day[] = {
#embed "../../scenarios/quiet-day.yaml"
};
static const uint8_t scenario_rate_limited[] = {
#embed "../../scenarios/rate-limited.yaml"
};
static const uint8_t scenario_reset_mid_download[] = {
#embed "../../scenarios/reset-mid-download.yaml"
};
static const uint8_t scenario_retry_after_date[] = {
#embed "../../scenarios/retry-after-date.yaml"
};
static const uint8_t scenario_slow_drip[] = {
#embed "../../scenarios/slow-drip.yaml"
};
static const uint8_t scenario_slow_videos[] = {
#embed "../../scenarios/slow-videos.yaml"
};
static const uint8_t scenario_snapshot[] = {
#embed "../../scenarios/snapshot.yaml"
};
static const uint8_t scenario_storm[] = {
#embed "../../scenarios/storm.yaml"
};
static const uint8_t scenario_stuck_task[] = {
#embed "../../scenarios/stuck-task.yaml"
};
static const uint8_t scenario_thundering_herd[] = {
#embed "../../scenarios/thundering-herd.yaml"
};
static const uint8_t scenario_truncated_zip[] = {
#embed "../../scenarios/truncated-zip.yaml"
};
static const uint8_t scenario_upstream_limits[] = {
#embed "../../scenarios/upstream-limits.yaml"
};
static const uint8_t scenario_whole_job_retry[] = {
#embed "../../scenarios/whole-job-retry.yaml"
};
static const uint8_t scenario_wrong_type[] = {
#embed "../../scenarios/wrong-type.yaml"
};

static const cdata_file scenarios[] = {
    {"bare-object.yaml", scenario_bare_object, sizeof scenario_bare_object},
    {"broken-json.yaml", scenario_broken_json, sizeof scenario_broken_json},
    {"busy-hour.yaml", scenario_busy_hour, sizeof scenario_busy_hour},
    {"callbacks-duplicate-late.yaml", scenario_callbacks_duplicate_late, sizeof scenario_callbacks_duplicate_late},
    {"callbacks-unreliable.yaml", scenario_callbacks_unreliable, sizeof scenario_callbacks_unreliable},
    {"charge-on-accept.yaml", scenario_charge_on_accept, sizeof scenario_charge_on_accept},
    {"closed-before.yaml", scenario_closed_before, sizeof scenario_closed_before},
    {"corrupt-zip.yaml", scenario_corrupt_zip, sizeof scenario_corrupt_zip},
    {"credits-run-dry.yaml", scenario_credits_run_dry, sizeof scenario_credits_run_dry},
    {"empty-bodies.yaml", scenario_empty_bodies, sizeof scenario_empty_bodies},
    {"expired-link.yaml", scenario_expired_link, sizeof scenario_expired_link},
    {"failed-moderation.yaml", scenario_failed_moderation, sizeof scenario_failed_moderation},
    {"flaky-polling.yaml", scenario_flaky_polling, sizeof scenario_flaky_polling},
    {"flapping-status.yaml", scenario_flapping_status, sizeof scenario_flapping_status},
    {"four-for-one.yaml", scenario_four_for_one, sizeof scenario_four_for_one},
    {"gateway-html.yaml", scenario_gateway_html, sizeof scenario_gateway_html},
    {"hang.yaml", scenario_hang, sizeof scenario_hang},
    {"honest-truncation.yaml", scenario_honest_truncation, sizeof scenario_honest_truncation},
    {"key-revoked.yaml", scenario_key_revoked, sizeof scenario_key_revoked},
    {"late-answers.yaml", scenario_late_answers, sizeof scenario_late_answers},
    {"late-lost-reply.yaml", scenario_late_lost_reply, sizeof scenario_late_lost_reply},
    {"later.yaml", scenario_later, sizeof scenario_later},
    {"lost-reply.yaml", scenario_lost_reply, sizeof scenario_lost_reply},
    {"lost-reply-reused.yaml", scenario_lost_reply_reused, sizeof scenario_lost_reply_reused},
    {"lost-task.yaml", scenario_lost_task, sizeof scenario_lost_task},
    {"odd-retry-after.yaml", scenario_odd_retry_after, sizeof scenario_odd_retry_after},
    {"outage-30s.yaml", scenario_outage_30s, sizeof scenario_outage_30s},
    {"quiet-day.yaml", scenario_quiet_day, sizeof scenario_quiet_day},
    {"rate-limited.yaml", scenario_rate_limited, sizeof scenario_rate_limited},
    {"reset-mid-download.yaml", scenario_reset_mid_download, sizeof scenario_reset_mid_download},
    {"retry-after-date.yaml", scenario_retry_after_date, sizeof scenario_retry_after_date},
    {"slow-drip.yaml", scenario_slow_drip, sizeof scenario_slow_drip},
    {"slow-videos.yaml", scenario_slow_videos, sizeof scenario_slow_videos},
    {"snapshot.yaml", scenario_snapshot, sizeof scenario_snapshot},
    {"storm.yaml", scenario_storm, sizeof scenario_storm},
    {"stuck-task.yaml", scenario_stuck_task, sizeof scenario_stuck_task},
    {"thundering-herd.yaml", scenario_thundering_herd, sizeof scenario_thundering_herd},
    {"truncated-zip.yaml", scenario_truncated_zip, sizeof scenario_truncated_zip},
    {"upstream-limits.yaml", scenario_upstream_limits, sizeof scenario_upstream_limits},
    {"whole-job-retry.yaml", scenario_whole_job_retry, sizeof scenario_whole_job_retry},
    {"wrong-type.yaml", scenario_wrong_type, sizeof scenario_wrong_type},
};

int cdata_scenario_count(void) {
    return (int)(sizeof scenarios / sizeof scenarios[0]);
}

cdata_file cdata_scenario_file(int index) {
    return scenarios[index];
}
