package io.trafficgovernor.cluster.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes and reads records by their components, in the order in which they are declared.
 *
 * <p>Components may be {@code boolean, int, long, double}, strings, enums, records, sealed
 * interfaces of records, and lists, string-keyed maps and optionals of these. Each record is
 * written with its length and the number of its components: a reader that knows fewer skips the
 * rest, one that knows more takes 0, empty or false for what is missing, and a record of these for
 * a record. So components may be added at the end, and nothing else may change, within one {@link
 * #VERSION}.
 *
 * <p>Thread-safe.
 */
public final class RecordCodec {
  /** First byte of everything written. */
  public static final int VERSION = 1;

  /** Longest list, map or string that is read: a damaged length must not exhaust the memory. */
  /** Longest form, and longest part of one, in bytes: what is longer is never read. */
  public static final int MAX_LENGTH = 1 << 20;

  private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();

  private RecordCodec() {}

  /** Bytes that could not be read: damaged, or of another version. */
  public static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreadable(String message) {
      super(message);
    }

    Unreadable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private record Shape(Constructor<?> constructor, List<RecordComponent> components) {}

  /** The record as bytes. */
  public static byte[] write(Record value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      write(out, value.getClass(), value);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /**
   * The record of that type.
   *
   * @throws Unreadable if the bytes are damaged or of another version
   */
  public static <T extends Record> T read(Class<T> type, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new Unreadable("version: got " + version + ", allowed " + VERSION);
      }
      return type.cast(read(in, type));
    } catch (IOException | RuntimeException e) {
      throw e instanceof Unreadable unreadable
          ? unreadable
          : new Unreadable(
              type.getSimpleName() + " cannot be read from " + bytes.length + " bytes", e);
    }
  }

  private static void write(DataOutputStream out, Type type, Object value) throws IOException {
    if (type instanceof ParameterizedType generic) {
      writeContainer(out, generic, value);
    } else if (value instanceof Boolean bool) {
      out.writeBoolean(bool);
    } else if (value instanceof Double real) {
      out.writeDouble(real);
    } else if (value instanceof Long || value instanceof Integer) {
      writeVariable(out, ((Number) value).longValue());
    } else if (value instanceof String text) {
      out.writeUTF(text);
    } else if (value instanceof Enum<?> constant) {
      out.writeUTF(constant.name());
    } else if (value instanceof OptionalLong optional) {
      out.writeBoolean(optional.isPresent());
      writeVariable(out, optional.orElse(0));
    } else if (type instanceof Class<?> sealed && sealed.isSealed()) {
      out.writeUTF(value.getClass().getSimpleName());
      writeRecord(out, (Record) value);
    } else {
      writeRecord(out, (Record) value);
    }
  }

  private static void writeContainer(DataOutputStream out, ParameterizedType type, Object value)
      throws IOException {
    Type[] of = type.getActualTypeArguments();
    if (value instanceof Optional<?> optional) {
      out.writeBoolean(optional.isPresent());
      if (optional.isPresent()) {
        write(out, of[0], optional.get());
      }
    } else if (value instanceof Map<?, ?> map) {
      writeVariable(out, map.size());
      for (Map.Entry<?, ?> entry : new TreeMap<>(map).entrySet()) {
        write(out, of[0], entry.getKey());
        write(out, of[1], entry.getValue());
      }
    } else {
      Collection<?> list = (Collection<?>) value;
      writeVariable(out, list.size());
      for (Object element : list) {
        write(out, of[0], element);
      }
    }
  }

  private static void writeRecord(DataOutputStream out, Record value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<RecordComponent> components = shape(value.getClass()).components();
    try (DataOutputStream body = new DataOutputStream(bytes)) {
      for (RecordComponent component : components) {
        write(body, component.getGenericType(), component(component, value));
      }
    }
    writeVariable(out, components.size());
    writeVariable(out, bytes.size());
    bytes.writeTo(out);
  }

  private static Object component(RecordComponent component, Record of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("component " + component + " cannot be read", e);
    }
  }

  private static Object read(DataInputStream in, Type type) throws IOException {
    if (type instanceof ParameterizedType generic) {
      return readContainer(in, generic);
    }
    Class<?> raw = (Class<?>) type;
    if (raw == boolean.class || raw == Boolean.class) {
      return in.readBoolean();
    } else if (raw == double.class || raw == Double.class) {
      return in.readDouble();
    } else if (raw == long.class || raw == Long.class) {
      return readVariable(in);
    } else if (raw == int.class || raw == Integer.class) {
      return Math.toIntExact(readVariable(in));
    } else if (raw == String.class) {
      return in.readUTF();
    } else if (raw == OptionalLong.class) {
      boolean present = in.readBoolean();
      long value = readVariable(in);
      return present ? OptionalLong.of(value) : OptionalLong.empty();
    } else if (raw.isEnum()) {
      return constant(raw, in.readUTF());
    } else if (raw.isSealed()) {
      return readRecord(in, permitted(raw, in.readUTF()));
    }
    return readRecord(in, raw);
  }

  private static Object constant(Class<?> type, String name) {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw new Unreadable(type.getSimpleName() + ": got " + name + ", which is unknown here");
  }

  private static Class<?> permitted(Class<?> sealed, String name) {
    for (Class<?> permitted : sealed.getPermittedSubclasses()) {
      if (permitted.getSimpleName().equals(name)) {
        return permitted;
      }
    }
    throw new Unreadable(sealed.getSimpleName() + ": got " + name + ", which is unknown here");
  }

  private static Object readContainer(DataInputStream in, ParameterizedType type)
      throws IOException {
    Type[] of = type.getActualTypeArguments();
    if (type.getRawType() == Optional.class) {
      return in.readBoolean() ? Optional.of(read(in, of[0])) : Optional.empty();
    }
    int size = length(in);
    if (type.getRawType() == Map.class) {
      SortedMap<Object, Object> map = new TreeMap<>();
      for (int i = 0; i < size; i++) {
        map.put(read(in, of[0]), read(in, of[1]));
      }
      return map;
    }
    List<Object> list = new ArrayList<>(Math.min(size, 1024));
    for (int i = 0; i < size; i++) {
      list.add(read(in, of[0]));
    }
    return list;
  }

  private static Object readRecord(DataInputStream in, Class<?> type) throws IOException {
    int written = length(in);
    byte[] bytes = new byte[length(in)];
    in.readFully(bytes);
    Shape shape = shape(type);
    List<Object> values = new ArrayList<>();
    try (DataInputStream body = new DataInputStream(new ByteArrayInputStream(bytes))) {
      for (RecordComponent component : shape.components()) {
        boolean there = values.size() < written;
        values.add(there ? read(body, component.getGenericType()) : missing(component));
      }
    }
    return made(type, values);
  }

  private static Object made(Class<?> type, List<Object> values) {
    try {
      return shape(type).constructor().newInstance(values.toArray());
    } catch (ReflectiveOperationException e) {
      throw new Unreadable(type.getSimpleName() + " refuses its components", e);
    }
  }

  /** The value of a component that an older writer did not know. */
  private static Object missing(RecordComponent component) {
    Class<?> type = component.getType();
    if (type == boolean.class) {
      return false;
    } else if (type == int.class) {
      return 0;
    } else if (type == long.class) {
      return 0L;
    } else if (type == double.class) {
      return 0.0;
    } else if (type == String.class) {
      return "";
    } else if (type == Optional.class) {
      return Optional.empty();
    } else if (type == OptionalLong.class) {
      return OptionalLong.empty();
    } else if (type == Map.class) {
      return Collections.emptyMap();
    } else if (type == List.class) {
      return List.of();
    } else if (type.isRecord()) {
      return made(type, shape(type).components().stream().map(RecordCodec::missing).toList());
    }
    throw new Unreadable(component + " is missing and has no default");
  }

  private static Shape shape(Class<?> type) {
    return SHAPES.computeIfAbsent(type, RecordCodec::analysed);
  }

  private static Shape analysed(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    if (components == null) {
      throw new IllegalArgumentException("type: got " + type.getName() + ", allowed records");
    }
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      components[i].getAccessor().setAccessible(true);
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return new Shape(constructor, List.of(components));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record without its canonical constructor", e);
    }
  }

  private static int length(DataInputStream in) throws IOException {
    long length = readVariable(in);
    if (length < 0 || length > MAX_LENGTH) {
      throw new Unreadable("length: got " + length + ", allowed 0 to " + MAX_LENGTH);
    }
    return (int) length;
  }

  /** Seven bits a byte, small absolute values first. */
  private static void writeVariable(DataOutputStream out, long value) throws IOException {
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7fL) != 0) {
      out.writeByte((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  private static long readVariable(DataInputStream in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = in.readUnsignedByte();
      value |= (next & 0x7fL) << shift;
      if (next < 0x80) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new Unreadable("number: got more than 10 bytes");
  }
}
