package dev.caravan.provider.zhipu;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.provider.openai.OpenAiForm;

/**
 * The business code in an error body.
 *
 * @see <a href="https://docs.bigmodel.cn/cn/api/api-code">the codes</a>
 */
record ZhipuCode(String text) {

    /** What a code means that the status may not tell. */
    enum Meaning {
        KEY,
        ACCOUNT,
        NO_MODEL,
        FILTERED,
        TOO_MANY,
        AS_THE_STATUS
    }

    static ZhipuCode of(byte[] body) {
        var error = OpenAiForm.tree(body);
        return new ZhipuCode(error == null ? "" : code(error.at("/error/code")));
    }

    private static String code(JsonNode code) {
        return code.isInt() ? String.valueOf(code.intValue()) : OpenAiForm.text(code);
    }

    Meaning meaning() {
        return switch (text) {
            case "1000", "1001", "1002", "1003", "1004" -> Meaning.KEY;
            case "1110", "1111", "1112", "1113", "1121", "1309" -> Meaning.ACCOUNT;
            case "1211" -> Meaning.NO_MODEL;
            case "1301" -> Meaning.FILTERED;
            case "1302", "1303", "1304", "1305", "1308" -> Meaning.TOO_MANY;
            default -> Meaning.AS_THE_STATUS;
        };
    }
}
