enum BenchModule {}
