package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Leases;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** gRPC through the gateway, with its own client and server. */
final class GrpcIT {
  private static final int CONFIG = 0;
  private static final MethodDescriptor.Marshaller<String> TEXT =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(String value) {
          return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
          try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };
  private static final MethodDescriptor<String, String> SAY =
      method("config/Say", MethodType.UNARY);
  private static final MethodDescriptor<String, String> TALK =
      method("config/Talk", MethodType.BIDI_STREAMING);

  private final AtomicInteger calls = new AtomicInteger();
  private Server server = NettyServerBuilder.forPort(0).build();

  private static MethodDescriptor<String, String> method(String name, MethodType type) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(type)
        .setFullMethodName(name)
        .setRequestMarshaller(TEXT)
        .setResponseMarshaller(TEXT)
        .build();
  }

  @BeforeEach
  void serve() throws IOException {
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("config")
            .addMethod(SAY, ServerCalls.asyncUnaryCall(this::say))
            .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(GrpcIT::talk))
            .build();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(service)
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  private void say(String text, StreamObserver<String> answer) {
    calls.incrementAndGet();
    switch (text) {
      case "away" -> answer.onError(Status.UNAVAILABLE.asRuntimeException());
      case "wrong" -> answer.onError(Status.INVALID_ARGUMENT.asRuntimeException());
      default -> {
        answer.onNext("you said " + text);
        answer.onCompleted();
      }
    }
  }

  private static StreamObserver<String> talk(StreamObserver<String> answer) {
    // the server speaks first, before the client has said anything
    answer.onNext("welcome");
    return new StreamObserver<>() {
      @Override
      public void onNext(String text) {
        answer.onNext(text);
      }

      @Override
      public void onError(Throwable cause) {}

      @Override
      public void onCompleted() {
        answer.onCompleted();
      }
    };
  }

  private GatewayFixture gateway() throws Exception {
    GatewayFixture.Setup setup =
        GatewayFixture.Setup.usual().listen("http2: true").backend("http2: true");
    return new GatewayFixture(setup, server.getPort());
  }

  private static ManagedChannel channel(GatewayFixture gateway) {
    return NettyChannelBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()))
        .usePlaintext()
        .disableRetry()
        .build();
  }

  private static String say(ManagedChannel channel, String text) {
    return ClientCalls.blockingUnaryCall(
        channel, SAY, CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS), text);
  }

  @Test
  void unary() throws Exception {
    try (GatewayFixture gateway = gateway()) {
      ManagedChannel channel = channel(gateway);
      for (int i = 0; i < 5; i++) {
        assertThat(say(channel, "word " + i)).isEqualTo("you said word " + i);
      }
      String large = "x".repeat(1024 * 1024);
      assertThat(say(channel, large)).hasSize(large.length() + 9);
      channel.shutdownNow();
      gateway.assertAllPermitsEnded();
    }
  }

  /** Nobody waits for the other to speak first. */
  @Test
  void streaming_bothWays() throws Exception {
    try (GatewayFixture gateway = gateway()) {
      ManagedChannel channel = channel(gateway);
      BlockingQueue<String> heard = new LinkedBlockingQueue<>();
      StreamObserver<String> mouth =
          ClientCalls.asyncBidiStreamingCall(
              channel.newCall(TALK, CallOptions.DEFAULT), into(heard));
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("welcome");
      for (int i = 0; i < 100; i++) {
        mouth.onNext("word " + i);
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("word " + i);
      }
      mouth.onCompleted();
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("(end)");
      channel.shutdownNow();
      gateway.assertAllPermitsEnded();
    }
  }

  private static StreamObserver<String> into(BlockingQueue<String> heard) {
    return new StreamObserver<>() {
      @Override
      public void onNext(String text) {
        heard.add(text);
      }

      @Override
      public void onError(Throwable cause) {
        heard.add(cause.toString());
      }

      @Override
      public void onCompleted() {
        heard.add("(end)");
      }
    };
  }

  /** The code of an answer without a body passes, and is what the permit ends with. */
  @Test
  void codes_pass() throws Exception {
    try (GatewayFixture gateway = gateway()) {
      ManagedChannel channel = channel(gateway);
      assertCode(channel, "wrong", Status.Code.INVALID_ARGUMENT);
      assertCode(channel, "away", Status.Code.UNAVAILABLE);
      assertThat(calls).as("not sent twice").hasValue(2);
      assertThat(gateway.counts(CONFIG).outcome(Outcome.SUCCESS)).isEqualTo(1);
      assertThat(gateway.counts(CONFIG).outcome(Outcome.REFUSED)).isEqualTo(1);
      channel.shutdownNow();
      gateway.assertAllPermitsEnded();
    }
  }

  private static void assertCode(ManagedChannel channel, String text, Status.Code code) {
    assertThatThrownBy(() -> say(channel, text))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> assertThat(failure.getStatus().getCode()).isEqualTo(code));
  }

  /** A refusal is one that the client's own retry rule understands. */
  @Test
  void refusal_isUnavailableWithAPushback() throws Exception {
    try (GatewayFixture gateway = gateway()) {
      ManagedChannel channel = channel(gateway);
      gateway.lease(Leases.ample().phase(Phase.OUTAGE));
      assertThatThrownBy(() -> say(channel, "hello"))
          .isInstanceOfSatisfying(StatusRuntimeException.class, GrpcIT::assertRefusal);
      assertThat(calls).hasValue(0);
      channel.shutdownNow();
    }
  }

  private static void assertRefusal(StatusRuntimeException failure) {
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failure.getStatus().getDescription()).isEqualTo("outage");
    Metadata trailers = failure.getTrailers();
    assertThat(trailers).isNotNull();
    String pushback =
        trailers.get(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER));
    assertThat(Long.parseLong(pushback)).isPositive();
  }

  @Test
  void unreachable_isUnavailable() throws Exception {
    try (GatewayFixture gateway = gateway()) {
      server.shutdownNow().awaitTermination();
      ManagedChannel channel = channel(gateway);
      assertCode(channel, "hello", Status.Code.UNAVAILABLE);
      channel.shutdownNow();
      gateway.assertAllPermitsEnded();
    }
  }
}
