package io.trafficgovernor.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The methods and constructors of sources, as the compiler reads them. */
final class Methods extends TreePathScanner<@Nullable Void, @Nullable Void> {
  private final SourcePositions positions;
  private final List<Method> found = new ArrayList<>();

  /**
   * One of them.
   *
   * @param at file and line, as editors understand it
   * @param length in lines, its comment left out
   */
  record Method(String name, String at, int length) {}

  private Methods(SourcePositions positions) {
    this.positions = positions;
  }

  /** All of them, those of nested and anonymous classes included. */
  static List<Method> of(List<SourceFile> files) {
    List<Source> sources = files.stream().map(Source::new).toList();
    var compiler = ToolProvider.getSystemJavaCompiler();
    var task = (JavacTask) compiler.getTask(null, null, null, null, null, sources);
    try {
      Methods methods = new Methods(Trees.instance(task).getSourcePositions());
      methods.scan(task.parse(), null);
      return methods.found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
    CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
    var lines = unit.getLineMap();
    long first = lines.getLineNumber(positions.getStartPosition(unit, method));
    long last = lines.getLineNumber(positions.getEndPosition(unit, method));
    String at = unit.getSourceFile().getName().substring(1) + ":" + first;
    found.add(new Method("" + method.getName(), at, (int) (last - first + 1)));
    return super.visitMethod(method, null);
  }

  /** A source that the compiler reads from memory. */
  private static final class Source extends SimpleJavaFileObject {
    private final SourceFile file;

    Source(SourceFile file) {
      super(URI.create("string:///" + file.path()), JavaFileObject.Kind.SOURCE);
      this.file = file;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return file.text();
    }
  }
}
