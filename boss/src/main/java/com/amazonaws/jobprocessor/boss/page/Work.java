package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.api.Costs;
import com.amazonaws.jobprocessor.boss.store.Census;
import com.amazonaws.jobprocessor.boss.store.Control;
import com.amazonaws.jobprocessor.boss.store.Operations;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import com.amazonaws.jobprocessor.boss.store.Throughput;
import com.amazonaws.jobprocessor.boss.store.Views;

/** The tasks and what is done with them, as the database has them. */
public record Work(
    Tasks tasks,
    Results results,
    Census census,
    Operations operations,
    Settings settings,
    Control control,
    Throughput throughput,
    Views views,
    Costs costs) {}
