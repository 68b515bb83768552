#!/bin/sh
# Runs fuzz targets one after the other and says what came of it.
#
#   tests/fuzz/run.sh BUILD SECONDS TARGET...
#
# Inputs that reach something new are kept in BUILD/fuzz/corpus/TARGET, those that break a target in
# BUILD/fuzz/crashes; what libFuzzer says goes to BUILD/fuzz/log. Ends with 1 when anything broke.
build=$1
seconds=$2
shift 2
table=$build/fuzz/table
mkdir -p "$build/fuzz/crashes" "$build/fuzz/log"
: > "$table"
status=0
for name; do
    found=$build/fuzz/corpus/$name
    log=$build/fuzz/log/$name
    mkdir -p "$found"
    set -- -max_total_time="$seconds" -max_len=4096 -rss_limit_mb=2048 -timeout=10 \
        -print_final_stats=1 -artifact_prefix="$build/fuzz/crashes/$name-"
    [ ! -f "tests/fuzz/$name.dict" ] || set -- "$@" -dict="tests/fuzz/$name.dict"
    echo "fuzz_$name: $seconds s"
    "$build/fuzz/unit/fuzz_$name" "$@" "$found" "tests/fuzz/corpus/$name" > "$log" 2>&1
    end=ok
    if ! grep -q '^Done ' "$log"; then
        end=BROKEN
        status=1
        tail -n 40 "$log"
    fi
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    covered=$(sed -n 's/.* cov: \([0-9]*\) ft: \([0-9]*\).*/\1 \2/p' "$log" | tail -n 1)
    printf '%-12s %12s %8s %8s %6s  %s\n' "$name" "${executions:-?}" ${covered:-? ?} \
        "$(find "$found" -type f | wc -l)" "$end" >> "$table"
done
printf '%-12s %12s %8s %8s %6s\n' target executions edges features finds
cat "$table"
exit $status
