package bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/** The load generator: for each {@link Plan} it reads as a line of JSON, it writes a {@link Result}. */
final class Load {

    private Load() {}

    public static void main(String... args) throws IOException {
        System.out.println(0); // It listens on no port.
        var json = new ObjectMapper();
        var input = new BufferedReader(new InputStreamReader(System.in));
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            var result = new LoadRun(json.readValue(line, Plan.class)).run();
            System.out.println(json.writeValueAsString(result));
        }
    }
}
