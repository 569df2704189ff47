<?php
// Polls every PAUSE seconds until the task has ended; prints the number of polls.
[$base, $key] = [getenv('CLIPRISE_BASE_URL') . '/app/cliprise', getenv('CLIPRISE_API_KEY')];
$made = file_get_contents("$base/generate", false, stream_context_create(['http' => [
    'method' => 'POST', 'timeout' => 30,
    'header' => "Authorization: Bearer $key\r\nContent-Type: application/json",
    'content' => getenv('BODY'),
]]));
$task = json_decode($made)[0]->taskId;
$polls = 0;
while (true) {
    $context = stream_context_create(['http' => ['ignore_errors' => true, 'timeout' => 30]]);
    file_get_contents("$base/status?apiKey=$key&taskId=$task", false, $context);
    if (!str_contains($http_response_header[0], ' 300')) break;
    $polls++;
    usleep((int) (getenv('PAUSE') * 1000000));
}
echo $polls, "\n";
