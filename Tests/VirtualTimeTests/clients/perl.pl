# Polls every PAUSE seconds until the task has ended; prints the number of polls.
use strict;
use warnings;
use HTTP::Tiny;
use JSON::PP;

my ($base, $key) = ("$ENV{CLIPRISE_BASE_URL}/app/cliprise", $ENV{CLIPRISE_API_KEY});
my $http = HTTP::Tiny->new(timeout => 30, max_redirect => 0);
my $made = $http->post("$base/generate", {
    headers => { Authorization => "Bearer $key", 'Content-Type' => 'application/json' },
    content => $ENV{BODY},
});
my $task = decode_json($made->{content})->[0]{taskId};
my $polls = 0;
while ($http->get("$base/status?apiKey=$key&taskId=$task")->{status} == 300) {
    $polls++;
    select undef, undef, undef, $ENV{PAUSE};
}
print "$polls\n";
