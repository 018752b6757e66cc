/**
 * What jobs cost: how much of each {@link com.amazonaws.jobprocessor.cost.Item} a {@link
 * com.amazonaws.jobprocessor.cost.Workload} takes or a worker has used, and what that makes in
 * dollars. Nothing here reads a file, the network, the environment or a clock.
 *
 * <p>Rounding: prices and quantities are decimals, products and sums are exact, quotients have 34
 * digits. Nothing is rounded before it is shown; so a total may differ from the sum of what is
 * shown in its last digit.
 */
@NullMarked
package com.amazonaws.jobprocessor.cost;

import org.jspecify.annotations.NullMarked;
