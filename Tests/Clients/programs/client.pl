# One job after another by a Perl library: client.pl lwp|http-tiny|mojo
# The code around it is what a tutorial shows; whatever dies ends the job.
use strict;
use warnings;
use JSON::PP;
use Time::HiRes qw(sleep);

my ($base, $pause, $jobs) = @ENV{qw(CLIPRISE_BASE_URL PAUSE CLIENT_JOBS)};
srand($ENV{CLIPRISE_MOCK_SEED});

sub lwp {
    require LWP::UserAgent;
    my $agent = LWP::UserAgent->new(keep_alive => 1);
    return sub {
        my ($method, $url, $fields, $body) = @_;
        my $answer = $agent->request(HTTP::Request->new($method, $url, [%$fields], $body));
        die "client aborted\n" if $answer->header('Client-Aborted') || $answer->header('X-Died');
        return ($answer->code, $answer->content);
    };
}

sub http_tiny {
    require HTTP::Tiny;
    my $agent = HTTP::Tiny->new;
    return sub {
        my ($method, $url, $fields, $body) = @_;
        my %options = (headers => $fields);
        $options{content} = $body if defined $body;
        my $answer = $agent->request($method, $url, \%options);
        return ($answer->{status}, $answer->{content});
    };
}

sub mojo {
    require Mojo::UserAgent;
    my $agent = Mojo::UserAgent->new(max_response_size => 0);
    return sub {
        my ($method, $url, $fields, $body) = @_;
        my $sent = $agent->start($agent->build_tx($method => $url => $fields => $body // ()));
        die $sent->error->{message} . "\n" if $sent->error && !$sent->error->{code};
        return ($sent->res->code, $sent->res->body);
    };
}

my %library = (lwp => \&lwp, 'http-tiny' => \&http_tiny, mojo => \&mojo);
my $ask = $library{ $ARGV[0] }->();

sub call {
    my ($code, $content) = $ask->(@_);
    die "HTTP $code\n" if $code >= 400;
    return ($code, $content);
}

sub first {
    my $answer = decode_json($_[0]);
    return ref $answer eq 'ARRAY' ? $answer->[0] : $answer;
}

sub job {
    my ($key, $number) = @_;
    my $body = encode_json({
        model => 'qwen-image-2', callBackUrl => 'https://hooks.example.com/done',
        input => { prompt => "Job $number of $jobs", image_size => '16:9', output_format => 'jpeg', seed => 424242 },
    });
    my $fields = { Authorization => "Bearer $key", 'Content-Type' => 'application/json' };
    my (undef, $made) = call('POST', "$base/app/cliprise/generate", $fields, $body);
    my $task = first($made)->{taskId} or die "no task\n";
    for (1 .. 60) {
        sleep $pause;
        my ($code, $answer) = call('GET', "$base/app/cliprise/status?apiKey=$key&taskId=$task", {}, undef);
        next if $code == 300;
        call('GET', first($answer)->{fileURL}, {}, undef);
        return;
    }
}

for my $key (split ' ', $ENV{CLIENT_KEYS}) {
    for my $number (1 .. $jobs) {
        eval { job($key, $number); 1 } or warn "$key $number: $@";
    }
}
