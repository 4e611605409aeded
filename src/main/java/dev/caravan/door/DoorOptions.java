package dev.caravan.door;

/**
 * Where a door listens and how much it takes in.
 *
 * @param host the address or name to bind
 * @param port the TCP port; 0 takes any free one
 * @param maxBodyBytes the largest request body, in bytes; a larger one is answered with 413
 */
public record DoorOptions(String host, int port, int maxBodyBytes) {

    private static final int TEN_MEBIBYTES = 10 * 1024 * 1024;

    /**
     * Listens on 127.0.0.1 and takes bodies of up to 10 MiB.
     *
     * @param port the TCP port; 0 takes any free one
     */
    public static DoorOptions loopback(int port) {
        return new DoorOptions("127.0.0.1", port, TEN_MEBIBYTES);
    }
}
