package dev.caravan.provider.openai;

import dev.caravan.chat.ChatRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The texts of a request for vectors, for dialects that take text and no tokens. */
public final class AskedTexts {

    private AskedTexts() {}

    /**
     * Takes them, and the format, which the answer is put into here.
     *
     * @return the texts in their order; null if there are tokens among them
     */
    public static @Nullable List<String> take(ChatRequest request, Asked asked) {
        asked.take("input");
        asked.take("encoding_format");
        var texts = new ArrayList<String>();
        for (var question : Questions.of(request)) {
            var text = Questions.text(question);
            if (text == null) {
                return null;
            }
            texts.add(text);
        }
        return texts;
    }
}
