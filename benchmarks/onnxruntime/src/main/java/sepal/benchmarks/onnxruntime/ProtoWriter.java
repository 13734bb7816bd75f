package sepal.benchmarks.onnxruntime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes a Protocol Buffers message: a number and a value for each field, in any order. */
final class ProtoWriter {
  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED = 5;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  ProtoWriter add(int field, long value) {
    varint((long) field << 3 | VARINT);
    varint(value);
    return this;
  }

  ProtoWriter add(int field, float value) {
    varint((long) field << 3 | FIXED);
    out.writeBytes(littleEndian(value));
    return this;
  }

  ProtoWriter add(int field, String value) {
    return add(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtoWriter add(int field, ProtoWriter message) {
    return add(field, message.bytes());
  }

  ProtoWriter add(int field, float[] values) {
    return add(field, littleEndian(values));
  }

  private static byte[] littleEndian(float... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  private ProtoWriter add(int field, byte[] bytes) {
    varint((long) field << 3 | LENGTH_DELIMITED);
    varint(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
