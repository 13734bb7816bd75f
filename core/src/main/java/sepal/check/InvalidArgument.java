package sepal.check;

import org.jspecify.annotations.Nullable;

/** A bad argument, configuration or file; the message says where, what, got, expected and fix. */
public final class InvalidArgument extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  InvalidArgument(Problem problem, @Nullable Throwable cause) {
    super(problem.message(), cause);
    this.problem = problem;
  }

  /** What is wrong, in parts. */
  public Problem problem() {
    return problem;
  }
}
