<?php
// One job after another by a PHP library: client.php curl|streams|guzzle|guzzle-retry
// The code around it is what a tutorial shows; whatever is thrown ends the job.
$base = getenv('CLIPRISE_BASE_URL');
$pause = (float) getenv('PAUSE');
$jobs = (int) getenv('CLIENT_JOBS');
mt_srand((int) getenv('CLIPRISE_MOCK_SEED'));

function with_curl(): callable
{
    $handle = curl_init();
    return function (string $method, string $url, array $fields, ?string $body) use ($handle): array {
        curl_reset($handle);
        $lines = array_map(fn ($name, $value) => "$name: $value", array_keys($fields), $fields);
        curl_setopt_array($handle, [CURLOPT_URL => $url, CURLOPT_RETURNTRANSFER => true, CURLOPT_HTTPHEADER => $lines]);
        if ($body !== null) {
            curl_setopt($handle, CURLOPT_POSTFIELDS, $body);
        }
        $answer = curl_exec($handle);
        if ($answer === false) {
            throw new RuntimeException(curl_error($handle));
        }
        return [curl_getinfo($handle, CURLINFO_RESPONSE_CODE), $answer];
    };
}

function with_streams(): callable
{
    return function (string $method, string $url, array $fields, ?string $body): array {
        $lines = array_map(fn ($name, $value) => "$name: $value", array_keys($fields), $fields);
        $options = ['method' => $method, 'header' => $lines, 'ignore_errors' => true];
        if ($body !== null) {
            $options['content'] = $body;
        }
        $answer = @file_get_contents($url, false, stream_context_create(['http' => $options]));
        if ($answer === false) {
            throw new RuntimeException('no answer');
        }
        return [(int) explode(' ', $http_response_header[0])[1], $answer];
    };
}

function with_guzzle(bool $retries): callable
{
    set_include_path('/usr/share/php');
    require_once 'GuzzleHttp/autoload.php';
    $stack = GuzzleHttp\HandlerStack::create();
    if ($retries) {
        $stack->push(GuzzleHttp\Middleware::retry(
            function ($tries, $request, $response = null, $problem = null) {
                if ($tries >= 5) {
                    return false;
                }
                return $problem instanceof GuzzleHttp\Exception\ConnectException
                    || ($response && $response->getStatusCode() >= 500);
            },
            fn ($tries) => 1000 * $tries
        ));
    }
    $client = new GuzzleHttp\Client(['handler' => $stack]);
    return function (string $method, string $url, array $fields, ?string $body) use ($client): array {
        $answer = $client->request($method, $url, ['headers' => $fields, 'body' => $body]);
        return [$answer->getStatusCode(), (string) $answer->getBody()];
    };
}

$library = match ($argv[1]) {
    'curl' => with_curl(),
    'streams' => with_streams(),
    'guzzle' => with_guzzle(false),
    'guzzle-retry' => with_guzzle(true),
};

$call = function (...$request) use ($library): array {
    [$status, $body] = $library(...$request);
    if ($status >= 400) {
        throw new RuntimeException("HTTP $status");
    }
    return [$status, $body];
};

function first(string $text): array
{
    $answer = json_decode($text, true, 64, JSON_THROW_ON_ERROR);
    return array_is_list($answer) ? $answer[0] : $answer;
}

$job = function (string $key, int $number) use ($call, $base, $pause, $jobs): void {
    $body = json_encode([
        'model' => 'qwen-image-2', 'callBackUrl' => 'https://hooks.example.com/done',
        'input' => ['prompt' => "Job $number of $jobs", 'image_size' => '16:9', 'output_format' => 'jpeg',
            'seed' => 424242],
    ], JSON_UNESCAPED_SLASHES);
    $fields = ['Authorization' => "Bearer $key", 'Content-Type' => 'application/json'];
    $task = first($call('POST', "$base/app/cliprise/generate", $fields, $body)[1])['taskId'];
    for ($poll = 0; $poll < 60; $poll++) {
        usleep((int) ($pause * 1e6));
        [$status, $answer] = $call('GET', "$base/app/cliprise/status?apiKey=$key&taskId=$task", [], null);
        if ($status !== 300) {
            $call('GET', first($answer)['fileURL'], [], null);
            return;
        }
    }
};

foreach (explode(' ', getenv('CLIENT_KEYS')) as $key) {
    for ($number = 1; $number <= $jobs; $number++) {
        try {
            $job($key, $number);
        } catch (Throwable $problem) {
            fwrite(STDERR, "$key $number: " . get_class($problem) . ': ' . $problem->getMessage() . "\n");
        }
    }
}
