enum StructuresModule {}
