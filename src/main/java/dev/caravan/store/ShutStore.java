package dev.caravan.store;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import org.h2.api.ErrorCode;

/**
 * H2 shuts its store for good at the first write that fails, as on a full disk; its connections say that they are well and
 * fail at everything. Without them the next one opens the store again. Thread-safe.
 */
final class ShutStore implements SQLExceptionOverride {

    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        return switch (failure.getErrorCode()) {
            case ErrorCode.DATABASE_IS_CLOSED, ErrorCode.DATABASE_CALLED_AT_SHUTDOWN -> Override.MUST_EVICT;
            default -> Override.CONTINUE_EVICT;
        };
    }
}
