/** The layer contract, the reader and runner of golden cases. */
module sepal.testkit {
  requires static org.jspecify;
  requires transitive sepal.core;
  requires transitive sepal.keras;

  exports sepal.testkit;
}
