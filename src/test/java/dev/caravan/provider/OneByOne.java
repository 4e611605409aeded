package dev.caravan.provider;

import java.io.ByteArrayInputStream;

/** A stream of which every read brings one byte. */
final class OneByOne extends ByteArrayInputStream {

    OneByOne(byte[] bytes) {
        super(bytes);
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(1, length));
    }
}
