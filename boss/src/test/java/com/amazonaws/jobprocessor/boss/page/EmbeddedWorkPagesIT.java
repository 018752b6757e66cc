package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.Database;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
class EmbeddedWorkPagesIT extends WorkPagesContract {
  @TempDir Path folder;

  @Override
  Database open() {
    return Database.embedded(folder);
  }
}
