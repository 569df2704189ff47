// Carries the files of fixtures/catalog as bytes. A test holds this list against the folder.

#include "CClipriseData.h"

static const uint8_t elevenlabs_audio_isolation[] = {
#embed "../../fixtures/catalog/elevenlabs-audio-isolation.json"
};
static const uint8_t elevenlabs_sound_effect[] = {
#embed "../../fixtures/catalog/elevenlabs-sound-effect.json"
};
static const uint8_t elevenlabs_speech_to_text[] = {
#embed "../../fixtures/catalog/elevenlabs-speech-to-text.json"
};
static const uint8_t elevenlabs_tts[] = {
#embed "../../fixtures/catalog/elevenlabs-tts.json"
};
static const uint8_t flux_2[] = {
#embed "../../fixtures/catalog/flux-2.json"
};
static const uint8_t flux_kontext[] = {
#embed "../../fixtures/catalog/flux-kontext.json"
};
static const uint8_t gpt_image_1[] = {
#embed "../../fixtures/catalog/gpt-image-1.json"
};
static const uint8_t grok_imagine_video[] = {
#embed "../../fixtures/catalog/grok-imagine-video.json"
};
static const uint8_t grok_imagine[] = {
#embed "../../fixtures/catalog/grok-imagine.json"
};
static const uint8_t hailuo_2_3[] = {
#embed "../../fixtures/catalog/hailuo-2-3.json"
};
static const uint8_t hailuo[] = {
#embed "../../fixtures/catalog/hailuo.json"
};
static const uint8_t ideogram_reframe[] = {
#embed "../../fixtures/catalog/ideogram-reframe.json"
};
static const uint8_t ideogram_v3[] = {
#embed "../../fixtures/catalog/ideogram-v3.json"
};
static const uint8_t imagen_v4[] = {
#embed "../../fixtures/catalog/imagen-v4.json"
};
static const uint8_t kling_2_5[] = {
#embed "../../fixtures/catalog/kling-2-5.json"
};
static const uint8_t kling_2_6_motion[] = {
#embed "../../fixtures/catalog/kling-2-6-motion.json"
};
static const uint8_t kling_2_6[] = {
#embed "../../fixtures/catalog/kling-2-6.json"
};
static const uint8_t kling_3[] = {
#embed "../../fixtures/catalog/kling-3.json"
};
static const uint8_t kling_video_turbo[] = {
#embed "../../fixtures/catalog/kling-video-turbo.json"
};
static const uint8_t nano_banana_pro[] = {
#embed "../../fixtures/catalog/nano-banana-pro.json"
};
static const uint8_t nano_banana[] = {
#embed "../../fixtures/catalog/nano-banana.json"
};
static const uint8_t qwen_image_2[] = {
#embed "../../fixtures/catalog/qwen-image-2.json"
};
static const uint8_t qwen_image[] = {
#embed "../../fixtures/catalog/qwen-image.json"
};
static const uint8_t recraft_remove_bg[] = {
#embed "../../fixtures/catalog/recraft-remove-bg.json"
};
static const uint8_t recraft_upscaler[] = {
#embed "../../fixtures/catalog/recraft-upscaler.json"
};
static const uint8_t runway_aleph[] = {
#embed "../../fixtures/catalog/runway-aleph.json"
};
static const uint8_t runway[] = {
#embed "../../fixtures/catalog/runway.json"
};
static const uint8_t seedance_1_5_pro[] = {
#embed "../../fixtures/catalog/seedance-1-5-pro.json"
};
static const uint8_t seedance_v1_pro_fast[] = {
#embed "../../fixtures/catalog/seedance-v1-pro-fast.json"
};
static const uint8_t seedance_v1[] = {
#embed "../../fixtures/catalog/seedance-v1.json"
};
static const uint8_t seedream_4_5[] = {
#embed "../../fixtures/catalog/seedream-4-5.json"
};
static const uint8_t seedream_v3[] = {
#embed "../../fixtures/catalog/seedream-v3.json"
};
static const uint8_t seedream_v4[] = {
#embed "../../fixtures/catalog/seedream-v4.json"
};
static const uint8_t sora_2_turbo[] = {
#embed "../../fixtures/catalog/sora-2-turbo.json"
};
static const uint8_t sora_2[] = {
#embed "../../fixtures/catalog/sora-2.json"
};
static const uint8_t sora_story_board[] = {
#embed "../../fixtures/catalog/sora-story-board.json"
};
static const uint8_t veo_3_fast[] = {
#embed "../../fixtures/catalog/veo-3-fast.json"
};
static const uint8_t veo_3_quality[] = {
#embed "../../fixtures/catalog/veo-3-quality.json"
};
static const uint8_t wan_2_2[] = {
#embed "../../fixtures/catalog/wan-2-2.json"
};
static const uint8_t wan_2_5[] = {
#embed "../../fixtures/catalog/wan-2-5.json"
};
static const uint8_t wan_2_6_video[] = {
#embed "../../fixtures/catalog/wan-2-6-video.json"
};
static const uint8_t wan_2_6[] = {
#embed "../../fixtures/catalog/wan-2-6.json"
};
static const uint8_t wan_animate[] = {
#embed "../../fixtures/catalog/wan-animate.json"
};
static const uint8_t wan_speech_to_video[] = {
#embed "../../fixtures/catalog/wan-speech-to-video.json"
};
static const uint8_t z_image[] = {
#embed "../../fixtures/catalog/z-image.json"
};

static const cdata_file catalog[] = {
    {"elevenlabs-audio-isolation.json", elevenlabs_audio_isolation, sizeof elevenlabs_audio_isolation},
    {"elevenlabs-sound-effect.json", elevenlabs_sound_effect, sizeof elevenlabs_sound_effect},
    {"elevenlabs-speech-to-text.json", elevenlabs_speech_to_text, sizeof elevenlabs_speech_to_text},
    {"elevenlabs-tts.json", elevenlabs_tts, sizeof elevenlabs_tts},
    {"flux-2.json", flux_2, sizeof flux_2},
    {"flux-kontext.json", flux_kontext, sizeof flux_kontext},
    {"gpt-image-1.json", gpt_image_1, sizeof gpt_image_1},
    {"grok-imagine-video.json", grok_imagine_video, sizeof grok_imagine_video},
    {"grok-imagine.json", grok_imagine, sizeof grok_imagine},
    {"hailuo-2-3.json", hailuo_2_3, sizeof hailuo_2_3},
    {"hailuo.json", hailuo, sizeof hailuo},
    {"ideogram-reframe.json", ideogram_reframe, sizeof ideogram_reframe},
    {"ideogram-v3.json", ideogram_v3, sizeof ideogram_v3},
    {"imagen-v4.json", imagen_v4, sizeof imagen_v4},
    {"kling-2-5.json", kling_2_5, sizeof kling_2_5},
    {"kling-2-6-motion.json", kling_2_6_motion, sizeof kling_2_6_motion},
    {"kling-2-6.json", kling_2_6, sizeof kling_2_6},
    {"kling-3.json", kling_3, sizeof kling_3},
    {"kling-video-turbo.json", kling_video_turbo, sizeof kling_video_turbo},
    {"nano-banana-pro.json", nano_banana_pro, sizeof nano_banana_pro},
    {"nano-banana.json", nano_banana, sizeof nano_banana},
    {"qwen-image-2.json", qwen_image_2, sizeof qwen_image_2},
    {"qwen-image.json", qwen_image, sizeof qwen_image},
    {"recraft-remove-bg.json", recraft_remove_bg, sizeof recraft_remove_bg},
    {"recraft-upscaler.json", recraft_upscaler, sizeof recraft_upscaler},
    {"runway-aleph.json", runway_aleph, sizeof runway_aleph},
    {"runway.json", runway, sizeof runway},
    {"seedance-1-5-pro.json", seedance_1_5_pro, sizeof seedance_1_5_pro},
    {"seedance-v1-pro-fast.json", seedance_v1_pro_fast, sizeof seedance_v1_pro_fast},
    {"seedance-v1.json", seedance_v1, sizeof seedance_v1},
    {"seedream-4-5.json", seedream_4_5, sizeof seedream_4_5},
    {"seedream-v3.json", seedream_v3, sizeof seedream_v3},
    {"seedream-v4.json", seedream_v4, sizeof seedream_v4},
    {"sora-2-turbo.json", sora_2_turbo, sizeof sora_2_turbo},
    {"sora-2.json", sora_2, sizeof sora_2},
    {"sora-story-board.json", sora_story_board, sizeof sora_story_board},
    {"veo-3-fast.json", veo_3_fast, sizeof veo_3_fast},
    {"veo-3-quality.json", veo_3_quality, sizeof veo_3_quality},
    {"wan-2-2.json", wan_2_2, sizeof wan_2_2},
    {"wan-2-5.json", wan_2_5, sizeof wan_2_5},
    {"wan-2-6-video.json", wan_2_6_video, sizeof wan_2_6_video},
    {"wan-2-6.json", wan_2_6, sizeof wan_2_6},
    {"wan-animate.json", wan_animate, sizeof wan_animate},
    {"wan-speech-to-video.json", wan_speech_to_video, sizeof wan_speech_to_video},
    {"z-image.json", z_image, sizeof z_image},
};

int cdata_catalog_count(void) {
    return (int)(sizeof catalog / sizeof catalog[0]);
}

cdata_file cdata_catalog_file(int index) {
    return catalog[index];
}
