package com.amazonaws.jobprocessor.boss.night;

import com.amazonaws.jobprocessor.boss.store.Database;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
class EmbeddedNightIT extends NightContract {
  @TempDir Path folder;

  @Override
  Database open() {
    return Database.embedded(folder);
  }
}
