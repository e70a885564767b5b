import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.hdds.client.RatisReplicationConfig;
import org.apache.hadoop.hdds.conf.OzoneConfiguration;
import org.apache.hadoop.hdds.protocol.proto.HddsProtos.ReplicationFactor;
import org.apache.hadoop.hdds.scm.pipeline.Pipeline.PipelineState;
import org.apache.hadoop.hdds.scm.server.StorageContainerManager;
import org.apache.hadoop.metrics2.lib.DefaultMetricsSystem;
import org.apache.hadoop.ozone.HddsDatanodeService;
import org.apache.hadoop.ozone.om.OzoneManager;
import org.apache.hadoop.ozone.s3.Gateway;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Apache Ozone in one process: its own storage container manager, object manager, datanode and S3
 * gateway. The first start makes the metadata, a later one in the same folder goes on with it.
 */
public final class OzoneServers {
  private OzoneServers() {}

  public static void main(String[] arguments) {
    endWithParent();
    try {
      start();
    } catch (Throwable failure) {
      failure.printStackTrace();
      // Threads of the servers that did start would keep the process alive.
      Runtime.getRuntime().halt(1);
    }
  }

  /** Whoever started this holds the other end of its input: when it is gone, so is this. */
  private static void endWithParent() {
    Thread watch = new Thread(() -> {
      try {
        while (System.in.read() >= 0) {}
      } catch (IOException gone) {
        // As good as an end.
      }
      Runtime.getRuntime().halt(0);
    });
    watch.setDaemon(true);
    watch.start();
  }

  private static void start() throws Exception {
    listenAtHome(io.grpc.netty.NettyChannelBuilder.class);
    listenAtHome(org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder.class);
    DefaultMetricsSystem.setMiniClusterMode(true); // Servers of one process share the metrics.
    OzoneConfiguration configuration = new OzoneConfiguration();

    check(StorageContainerManager.scmInit(configuration, null), "storage container manager");
    StorageContainerManager containers = StorageContainerManager.createSCM(configuration);
    containers.start();
    check(OzoneManager.omInit(configuration), "object manager");
    OzoneManager.createOm(configuration).start();
    new HddsDatanodeService(new String[0]).start(configuration);
    check(new Gateway().execute(new String[0]) == 0, "S3 gateway");

    // Before that, a put would be refused.
    RatisReplicationConfig one = RatisReplicationConfig.getInstance(ReplicationFactor.ONE);
    while (containers.isInSafeMode()
        || containers.getPipelineManager().getPipelines(one, PipelineState.OPEN).isEmpty()) {
      Thread.sleep(50);
    }
    Files.writeString(Path.of(System.getProperty("service.ready")), "ready\n");
    containers.join();
  }

  private static void check(boolean begun, String server) {
    if (!begun) {
      throw new IllegalStateException("the " + server + " cannot be started");
    }
  }

  /**
   * Some of Ozone's listeners have no setting for their address and take every interface. They are
   * made by gRPC's NettyServerBuilder, in two packages: here that class is defined before anybody
   * uses it, its constructor changed to ask {@link #home} for the address.
   */
  private static void listenAtHome(Class<?> neighbour) throws Exception {
    String builder = neighbour.getPackageName().replace('.', '/') + "/NettyServerBuilder.class";
    ClassWriter changed = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    try (InputStream original = neighbour.getClassLoader().getResourceAsStream(builder)) {
      new ClassReader(original).accept(new HomeInConstructor(changed), 0);
    }
    MethodHandles.privateLookupIn(neighbour, MethodHandles.lookup())
        .defineClass(changed.toByteArray());
  }

  /** Called by the changed constructors: the loopback interface instead of every one. */
  public static SocketAddress home(SocketAddress address) {
    boolean everywhere = address instanceof InetSocketAddress internet
        && internet.getAddress() != null
        && internet.getAddress().isAnyLocalAddress();
    return everywhere
        ? new InetSocketAddress("127.0.0.1", ((InetSocketAddress) address).getPort())
        : address;
  }

  private static final class HomeInConstructor extends ClassVisitor {
    private static final String ADDRESS = "Ljava/net/SocketAddress;";

    HomeInConstructor(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String type, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, type, signature, exceptions);
      if (!name.equals("<init>") || !type.startsWith("(" + ADDRESS)) {
        return next;
      }
      return new MethodVisitor(Opcodes.ASM9, next) {
        @Override
        public void visitCode() {
          super.visitCode();
          visitVarInsn(Opcodes.ALOAD, 1);
          visitMethodInsn(Opcodes.INVOKESTATIC, "OzoneServers", "home",
              "(" + ADDRESS + ")" + ADDRESS, false);
          visitVarInsn(Opcodes.ASTORE, 1);
        }
      };
    }
  }
}
