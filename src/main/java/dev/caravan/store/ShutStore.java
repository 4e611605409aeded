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
        return failure.getErrorCode() == ErrorCode.DATABASE_IS_CLOSED ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
    }
}
