package dev.caravan.camel;

import dev.caravan.chat.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
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
 *
 * <p>It also sends what is no chat to its own path at the provider, over the same connections as chats: another endpoint
 * of Camel's would have others, and a bound of its own.
 */
public final class CallAborts implements HttpClientConfigurer {

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        builder.addExecInterceptorFirst("caravan-abort", this::intercept);
    }

    private ClassicHttpResponse intercept(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (!(request.getEntity() instanceof CallEntity entity)) {
            return chain.proceed(request, scope);
        }
        if (entity.path() != null) {
            request.setPath(entity.path());
        }
        var cancellation = entity.cancellation();
        var call = new Call(scope, cancellation, entity.watch());
        call.watch.begin(() -> abort(scope));
        try {
            var response = chain.proceed(request, scope);
            var answer = response.getEntity();
            if (answer == null) {
                call.end();
            } else {
                response.setEntity(new AbortableEntity(answer, call));
            }
            return response;
        } catch (IOException | HttpException | RuntimeException e) {
            call.end();
            if (cancellation.isCancelled()) {
                throw new CallAborted();
            }
            if (call.watch.tooLong()) {
                throw call.watch.failure();
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

    /** A call that is going on. */
    private static final class Call {

        private final ExecChain.Scope scope;
        private final Cancellation cancellation;
        private final Cancellation.Registration registration;
        private final CallWatch watch;

        Call(ExecChain.Scope scope, Cancellation cancellation, CallWatch watch) {
            this.scope = scope;
            this.cancellation = cancellation;
            this.registration = cancellation.onCancel(() -> abort(scope));
            this.watch = watch;
        }

        void end() {
            registration.close();
            watch.end();
        }
    }

    /** An answer whose stream, closed before its end, gives the connection up instead of reading on. */
    private static final class AbortableEntity extends HttpEntityWrapper {

        private final Call call;
        private @Nullable AbortableStream content;

        AbortableEntity(HttpEntity answer, Call call) {
            super(answer);
            this.call = call;
        }

        @Override
        public InputStream getContent() throws IOException {
            if (content == null) {
                content = new AbortableStream(super.getContent(), getContentLength(), call);
            }
            return content;
        }
    }

    private static final class AbortableStream extends InputStream {

        /** A length that is only claimed is not made room for. */
        private static final int LARGEST_TRUSTED = 1 << 20;

        /** No answer of a model is that long: it is read no further, or a broken provider would fill the memory. */
        private static final int LARGEST = 64 << 20;

        private final InputStream in;
        private final long length;
        private final Call call;
        private boolean ended;

        /** @param length as the provider announced it; negative if it did not */
        AbortableStream(InputStream in, long length, Call call) {
            this.in = in;
            this.length = length;
            this.call = call;
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
                if (call.cancellation.isCancelled()) {
                    throw new IOException("the call was let go", e);
                }
                if (call.watch.tooLong()) {
                    throw call.watch.failure();
                }
                throw e;
            }
        }

        /** Into an array of the right size at once: the usual way takes 16 KB to begin with, a quarter of a request's garbage. */
        @Override
        public byte[] readAllBytes() throws IOException {
            if (length < 0 || length > LARGEST_TRUSTED) {
                var bounded = readNBytes(LARGEST);
                if (bounded.length == LARGEST && read() >= 0) {
                    throw new IOException("its answer is longer than " + (LARGEST >> 20) + " MB");
                }
                return bounded;
            }
            var all = new byte[(int) length];
            var count = readNBytes(all, 0, all.length);
            return count == all.length && read() < 0 ? all : Arrays.copyOf(all, count);
        }

        private void finish() {
            ended = true;
            call.end();
        }

        @Override
        public void close() throws IOException {
            call.end();
            if (ended) {
                in.close();
            } else {
                ended = true;
                call.scope.execRuntime.discardEndpoint();
            }
        }
    }
}
