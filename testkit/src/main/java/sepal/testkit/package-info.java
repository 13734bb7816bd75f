/**
 * What checks layers, for this project's tests, for the command's self-test and for whoever writes
 * a layer: the runner of golden cases, which recorded what Keras computed, and the contract that
 * every layer keeps. Plain Java; no test framework is needed.
 */
@NullMarked
package sepal.testkit;

import org.jspecify.annotations.NullMarked;
