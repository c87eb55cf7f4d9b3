enum BytesModule {}
