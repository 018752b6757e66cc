package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.machine.Box;
import com.amazonaws.jobprocessor.machine.Home;
import com.amazonaws.jobprocessor.plugin.LoadedExecutor;

/** What is known before the first call of AWS: enough to wire a worker. */
record Prepared(
    Configuration configuration, String region, Box box, Home home, LoadedExecutor executor) {
  Settings settings() {
    return configuration.settings();
  }
}
