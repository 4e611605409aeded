package dev.caravan.door;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * Who a door is to clients that speak TLS: a chain of certificates with the first one's key. It can be replaced while the
 * door is open; connections that are open keep what they began with. Thread-safe.
 */
public final class Certificate {

    private static final ApplicationProtocolConfig ALPN = new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_1_1);

    static {
        // A client that may renegotiate makes the door calculate for nothing. The JDK knows no other place to say so,
        // and
        // reads it at the first handshake.
        String renegotiation = "jdk.tls.rejectClientInitiatedRenegotiation";
        if (System.getProperty(renegotiation) == null) {
            System.setProperty(renegotiation, "true");
        }
    }

    private record Current(SslContext context, Instant notAfter) {}

    private volatile Current current;

    /**
     * @param key the private key of the first certificate
     * @param chain the door's own certificate first, then those that vouch for it
     * @throws IllegalArgumentException if they do not belong together or cannot be used; the message is a sentence
     */
    public Certificate(PrivateKey key, List<X509Certificate> chain) {
        current = made(key, chain);
    }

    /**
     * From now on, new connections get this one.
     *
     * @throws IllegalArgumentException as the constructor does; then the former one stays
     */
    public void replace(PrivateKey key, List<X509Certificate> chain) {
        current = made(key, chain);
    }

    /** When the certificate in force expires, or expired. */
    public Instant notAfter() {
        return current.notAfter();
    }

    SslContext context() {
        return current.context();
    }

    private static Current made(PrivateKey key, List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("There is no certificate.");
        }
        X509Certificate own = chain.getFirst();
        if (!belongs(key, own.getPublicKey())) {
            throw new IllegalArgumentException("The private key does not belong to the first certificate.");
        }
        try {
            return new Current(
                    SslContextBuilder.forServer(key, chain)
                            .sslProvider(SslProvider.JDK)
                            .protocols("TLSv1.3", "TLSv1.2")
                            .applicationProtocolConfig(ALPN)
                            .build(),
                    own.getNotAfter().toInstant());
        } catch (SSLException e) {
            throw new IllegalArgumentException("Key and certificate cannot be used: " + e.getMessage(), e);
        }
    }

    private static boolean belongs(PrivateKey key, PublicKey own) {
        if (!key.getAlgorithm().equals(own.getAlgorithm())) {
            return false;
        }
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] text = {1, 2, 3};
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(text);
            byte[] signed = signer.sign();
            signer.initVerify(own);
            signer.update(text);
            return signer.verify(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "A key of the kind " + key.getAlgorithm() + " cannot be used: " + e.getMessage(), e);
        }
    }
}
