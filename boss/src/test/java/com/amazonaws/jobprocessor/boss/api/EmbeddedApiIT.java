package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.store.Database;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedApiIT extends ApiContract {
  @TempDir Path folder;

  @Override
  Database open() {
    return Database.embedded(folder);
  }
}
