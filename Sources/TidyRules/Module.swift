enum TidyRulesModule {}
