package dev.caravan.camel;

import dev.caravan.chat.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Ends a call to a provider the moment it is no longer wanted, wherever it stands: waiting for a connection, for the
 * answer's head, or in the middle of a stream. Left to itself the HTTP client would read a stream to its end before it
 * closes it.
 */
public final class CallAborts implements HttpClientConfigurer {

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        builder.addExecInterceptorFirst("caravan-abort", CallAborts::intercept);
    }

    private static ClassicHttpResponse intercept(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (!(request.getEntity() instanceof CallEntity entity)) {
            return chain.proceed(request, scope);
        }
        var cancellation = entity.cancellation();
        var registration = cancellation.onCancel(() -> abort(scope));
        try {
            var response = chain.proceed(request, scope);
            var answer = response.getEntity();
            if (answer == null) {
                registration.close();
            } else {
                response.setEntity(new AbortableEntity(answer, scope, cancellation, registration));
            }
            return response;
        } catch (IOException | RuntimeException e) {
            registration.close();
            if (cancellation.isCancelled()) {
                throw new CallAborted();
            }
            throw e;
        }
    }

    private static void abort(ExecChain.Scope scope) {
        if (scope.originalRequest instanceof Cancellable request) {
            request.cancel();
        }
        scope.execRuntime.discardEndpoint();
    }

    /** An answer whose stream, closed before its end, gives the connection up instead of reading on. */
    private static final class AbortableEntity extends HttpEntityWrapper {

        private final ExecChain.Scope scope;
        private final Cancellation cancellation;
        private final Cancellation.Registration registration;
        private @Nullable AbortableStream content;

        AbortableEntity(
                HttpEntity answer,
                ExecChain.Scope scope,
                Cancellation cancellation,
                Cancellation.Registration registration) {
            super(answer);
            this.scope = scope;
            this.cancellation = cancellation;
            this.registration = registration;
        }

        @Override
        public InputStream getContent() throws IOException {
            if (content == null) {
                content = new AbortableStream(super.getContent(), scope, cancellation, registration);
            }
            return content;
        }
    }

    private static final class AbortableStream extends InputStream {

        private final InputStream in;
        private final ExecChain.Scope scope;
        private final Cancellation cancellation;
        private final Cancellation.Registration registration;
        private boolean ended;

        AbortableStream(
                InputStream in,
                ExecChain.Scope scope,
                Cancellation cancellation,
                Cancellation.Registration registration) {
            this.in = in;
            this.scope = scope;
            this.cancellation = cancellation;
            this.registration = registration;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                var count = in.read(target, offset, length);
                if (count < 0) {
                    finish();
                }
                return count;
            } catch (IOException | RuntimeException e) {
                finish();
                if (cancellation.isCancelled()) {
                    throw new IOException("the call was let go", e);
                }
                throw e;
            }
        }

        private void finish() {
            ended = true;
            registration.close();
        }

        @Override
        public void close() throws IOException {
            registration.close();
            if (ended) {
                in.close();
            } else {
                ended = true;
                scope.execRuntime.discardEndpoint();
            }
        }
    }
}
