<?php
// One job with PHP's streams. streams.php [again] [false-is-end]
$habits = array_slice($argv, 1);
$has = fn($word) => in_array($word, $habits);
[$base, $key] = [getenv("CLIPRISE_BASE_URL"), getenv("CLIPRISE_API_KEY")];

function ask($method, $url, $fields = [], $body = "") {
    $http_response_header = [];
    $context = stream_context_create(["http" => [
        "method" => $method, "header" => $fields, "content" => $body, "ignore_errors" => true, "follow_location" => 0,
        "protocol_version" => 1.1, "timeout" => 10]]);
    $text = @file_get_contents($url, false, $context);
    $status = $http_response_header ? (int) explode(" ", $http_response_header[0])[1] : 0;
    return [$status, $text];
}

function first($text) {
    $value = json_decode((string) $text, true);
    return is_array($value) && array_is_list($value) ? ($value[0] ?? null) : $value;
}

$body = json_encode(["model" => "qwen-image-2", "callBackUrl" => "https://hooks.example.com/done", "input" => [
    "prompt" => "A pier", "image_size" => "16:9", "output_format" => "jpeg", "seed" => 424242]]);
$fields = ["Content-Type: application/json", "Authorization: Bearer $key", "Connection: close"];
$task = null;
for ($try = 0; $try < ($has("again") ? 3 : 1) && !$task; $try++) {
    [$status, $text] = ask("POST", "$base/app/cliprise/generate", $fields, $body);
    $task = first($text)["taskId"] ?? null;
}
if (!$task) exit(0);
$link = null;
for ($failures = 0; $failures < 60 && !$link; $failures++) {
    [$status, $text] = ask("GET", "$base/app/cliprise/status?apiKey=$key&taskId=$task", ["Connection: close"]);
    if ($status == 300) continue;
    if ($status >= 400 && $status < 500) exit(0);
    $record = first($text);
    if ($status == 200 && ($record["status"] ?? "") == "success") $link = $record["fileURL"];
    if (!$link && $has("false-is-end")) exit(0);
    if (!$link) usleep(random_int(0, min(500_000, 20_000 * 2 ** min($failures, 5))));
}
for ($failures = 0; $link && $failures < 8; $failures++) {
    [$status, $text] = ask("GET", $link, ["Connection: close"]);
    if ($status == 200 && substr((string) $text, -2) == "\xff\xd9") break;
    usleep(random_int(0, 20_000 * 2 ** $failures));
}
exit(0);
