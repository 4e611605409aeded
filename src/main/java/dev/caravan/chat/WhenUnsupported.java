package dev.caravan.chat;

import java.util.Locale;

/** What is to be done where a provider cannot do all that a request asks for. */
public enum WhenUnsupported {
    /** It is not asked; if nobody else can do it, the request is refused. */
    REFUSE,
    /** It is asked without that, and the answer says so. */
    DROP;

    /** As it stands in requests and in configuration. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
