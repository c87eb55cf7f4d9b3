enum ReplModule {}
