import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

class PictureTest {
    private static final String BODY = "{\"model\":\"z-image\",\"callBackUrl\":\"https://hooks.example.com/done\","
        + "\"input\":{\"prompt\":\"A pier\",\"aspect_ratio\":\"1:1\"}}";
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private String generate(ClipriseMock mock) throws Exception {
        return client.send(
            HttpRequest.newBuilder(URI.create(mock.baseUrl + "/app/cliprise/generate"))
                .header("Content-Type", "application/json").header("Authorization", "Bearer " + mock.key)
                .POST(HttpRequest.BodyPublishers.ofString(BODY)).build(),
            HttpResponse.BodyHandlers.ofString()).body();
    }

    private static String member(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        Assertions.assertTrue(matcher.find(), json);
        return matcher.group(1);
    }

    private void make(ClipriseMock mock, boolean resends) throws Exception {
        String accepted;
        try {
            accepted = generate(mock);
        } catch (IOException error) {
            if (!resends) throw error;
            accepted = generate(mock);
        }
        URI status = URI.create(mock.baseUrl + "/app/cliprise/status?apiKey=" + mock.key + "&taskId="
            + member(accepted, "taskId"));
        for (int poll = 0; poll < 60; poll++) {
            HttpResponse<String> reply =
                client.send(HttpRequest.newBuilder(status).build(), HttpResponse.BodyHandlers.ofString());
            if (reply.statusCode() == 200) {
                URI file = URI.create(member(reply.body(), "fileURL"));
                client.send(HttpRequest.newBuilder(file).build(), HttpResponse.BodyHandlers.ofByteArray());
                return;
            }
        }
        Assertions.fail("it never ended");
    }

    @Test void good(TestInfo info) throws Exception {
        try (ClipriseMock mock = ClipriseMock.open(info.getDisplayName(), "flaky-polling")) {
            make(mock, false);
        }
    }

    @Test void frozenClock(TestInfo info) {
        try (ClipriseMock mock = ClipriseMock.open(info.getDisplayName() + "ü".repeat(120), null)) {
            mock.freeze();
            mock.advance("90s");
            mock.scenario("lost-reply");
        }
    }

    @Test @EnabledIfEnvironmentVariable(named = "WITH_BAD", matches = "1") void bad(TestInfo info) throws Exception {
        try (ClipriseMock mock = ClipriseMock.open(info.getDisplayName(), "lost-reply")) {
            make(mock, true);
        }
    }
}
