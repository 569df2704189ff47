import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Polls every PAUSE seconds until the task has ended; prints the number of polls. */
public class Poll {
    public static void main(String[] arguments) throws Exception {
        String base = System.getenv("CLIPRISE_BASE_URL") + "/app/cliprise", key = System.getenv("CLIPRISE_API_KEY");
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        String body = System.getenv("BODY");
        HttpRequest generate = HttpRequest.newBuilder(URI.create(base + "/generate"))
            .header("Authorization", "Bearer " + key).header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(30)).POST(HttpRequest.BodyPublishers.ofString(body)).build();
        String made = client.send(generate, BodyHandlers.ofString()).body();
        String task = made.replaceAll(".*\"taskId\" *: *\"([0-9a-f]+)\".*", "$1");
        HttpRequest status = HttpRequest.newBuilder(URI.create(base + "/status?apiKey=" + key + "&taskId=" + task))
            .timeout(Duration.ofSeconds(30)).build();
        int polls = 0;
        while (client.send(status, BodyHandlers.discarding()).statusCode() == 300) {
            polls++;
            Thread.sleep(Math.round(Double.parseDouble(System.getenv("PAUSE")) * 1000));
        }
        System.out.println(polls);
    }
}
